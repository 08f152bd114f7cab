package hydrocell.executor.state;

import java.util.Arrays;

/**
 * Which roots (names) reach a common object: the co-variables. A root belongs to the part that is
 * encoded together; roots that turn out to share are joined, within a part and across. Not
 * thread-safe.
 */
final class Sharing {
  final Identities objects = new Identities();
  private int[] parent = new int[16];
  private int[] part = new int[16];
  private int roots;

  /** A new root of a part. */
  int root(int ofPart) {
    if (roots == parent.length) {
      parent = Arrays.copyOf(parent, roots * 2);
      part = Arrays.copyOf(part, roots * 2);
    }
    parent[roots] = roots;
    part[roots] = ofPart;
    return roots++;
  }

  int part(int root) {
    return part[root];
  }

  /** The representative of all roots that share with this one. */
  int component(int root) {
    int at = root;
    while (parent[at] != at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }

  void join(int root, int other) {
    int a = component(root);
    int b = component(other);
    if (a != b) {
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  }
}
