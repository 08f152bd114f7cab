package hydrocell.resolver;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.collection.DependencyCollectionException;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.util.graph.manager.DependencyManagerUtils;
import org.eclipse.aether.util.graph.transformer.ConflictResolver;

/** Draws who needs what, and which version everybody gets. Not thread-safe. */
final class LibraryTree {
  private static final int MAX_LINES = 2_000;
  private static final String MORE = "… and more";

  private final List<String> lines = new ArrayList<>();

  private LibraryTree() {}

  /** The lines of a tree. */
  static List<String> draw(Maven maven, CollectRequest wanted)
      throws DependencyCollectionException {
    try (RepositorySystemSession.CloseableSession verbose = maven.verboseSession()) {
      DependencyNode root = maven.system().collectDependencies(verbose, wanted).getRoot();
      LibraryTree tree = new LibraryTree();
      root.getChildren().forEach(child -> tree.draw(child, "", ""));
      return tree.lines;
    }
  }

  private void draw(DependencyNode node, String before, String below) {
    Artifact artifact = node.getArtifact();
    if (artifact == null || lines.size() > MAX_LINES) {
      return;
    }
    lines.add(lines.size() == MAX_LINES ? MORE : before + words(node, artifact));
    List<DependencyNode> children = node.getChildren();
    for (DependencyNode child : children) {
      boolean last = child == children.getLast();
      draw(child, below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "));
    }
  }

  private static String words(DependencyNode node, Artifact artifact) {
    Object winner = node.getData().get(ConflictResolver.NODE_DATA_WINNER);
    if (winner instanceof DependencyNode instead && instead.getArtifact() != null) {
      String used = instead.getArtifact().getVersion();
      return used.equals(artifact.getVersion())
          ? plain(artifact) + " (it is there already)"
          : "%s (%s is used: it is nearer)".formatted(plain(artifact), used);
    }
    String asked = DependencyManagerUtils.getPremanagedVersion(node);
    return asked == null || asked.equals(artifact.getVersion())
        ? plain(artifact)
        : "%s (managed; %s was asked for)".formatted(plain(artifact), asked);
  }

  /** Coordinates as people write them. */
  private static String plain(Artifact artifact) {
    boolean jar = artifact.getExtension().equals("jar") && artifact.getClassifier().isEmpty();
    return jar
        ? String.join(":", artifact.getGroupId(), artifact.getArtifactId(), artifact.getVersion())
        : artifact.toString();
  }
}
