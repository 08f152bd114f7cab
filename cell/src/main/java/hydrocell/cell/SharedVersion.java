package hydrocell.cell;

import hydrocell.anna.lattice.CausalRegister;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.cell.wire.RecordCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * One version of a shared name, as the register of {@link SharedName#versions} keeps it. The value
 * is a copy that lies with the name, so that nothing of its writer's session has to be read.
 * Immutable; stored in Anna, so components are appended only.
 *
 * @param entry the name as its writer's notebook has it
 * @param definitions the types, methods and imports that its use needs
 * @param person who wrote it
 * @param notebook where, for people to read
 * @param sessionId where, for programs
 * @param timeMs when, by the clock of the writer's machine
 * @param base what the writer had seen of the name
 * @param together what the same commit wrote to other shared names: whoever finds this version
 *     merges that, so that a commit is seen whole. The versions in there have this part empty
 * @param steps how many notebooks one after the other ran cells by themselves before this was
 *     written; 0 of what somebody's own cell wrote
 */
public record SharedVersion(
    Entry entry,
    List<Entry> definitions,
    String person,
    String notebook,
    String sessionId,
    long timeMs,
    VersionVector base,
    List<SharedUpdates.Delta> together,
    int steps) {

  /** This version with what was written together with it. */
  public SharedVersion with(List<SharedUpdates.Delta> others) {
    return new SharedVersion(
        entry, definitions, person, notebook, sessionId, timeMs, base, List.copyOf(others), steps);
  }

  /**
   * What stands for a variable where a whole notebook is shared: its names are the definitions
   * then.
   */
  public static final Name NOTEBOOK = new Name(Kind.SETTING, "shared.notebook");

  /** How the definition of {@link #NOTEBOOK} says that the session itself is shared. */
  public static final String LIVE = "live";

  /** How it says that others go on with a copy. */
  public static final String FORK = "fork";

  /** A setting of a session that is shared itself: under which name. */
  public static final Name SESSION = new Name(Kind.SETTING, "shared.session");

  /** Whether it is a notebook. */
  public boolean isNotebook() {
    return entry.name().equals(NOTEBOOK);
  }

  /** Whether it is a notebook's session itself: {@link #sessionId} names it. */
  public boolean isLive() {
    return isNotebook() && entry.symbol().type().equals(LIVE);
  }

  /** The write of this version. */
  public CausalRegister write() {
    return CausalRegister.write(entry.stamp(), RecordCodec.encode(this), base);
  }

  /** The versions that stand side by side, the newest first. */
  public static List<SharedVersion> in(CausalRegister register) throws MalformedFrameException {
    List<SharedVersion> versions = new ArrayList<>();
    for (CausalRegister.Sibling each : register.siblings()) {
      versions.addFirst(RecordCodec.decode(SharedVersion.class, each.value()));
    }
    return versions;
  }

  /** The same without those that cannot be read: cells may write there, and other builds. */
  public static List<SharedVersion> readableIn(CausalRegister register) {
    List<SharedVersion> versions = new ArrayList<>();
    for (CausalRegister.Sibling each : register.siblings()) {
      try {
        versions.addFirst(RecordCodec.decode(SharedVersion.class, each.value()));
      } catch (MalformedFrameException e) {
        continue;
      }
    }
    return versions;
  }
}
