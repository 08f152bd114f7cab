package hydrocell.cell;

import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.cell.wire.RecordCodec;
import java.util.Base64;

/**
 * That a notebook uses a shared name: a setting of the session. Immutable; stored in Anna, so
 * components are appended only.
 *
 * @param shared the shared name
 * @param dot the version that was taken over last
 * @param seen what the notebook has seen of the name, its own writes not counted
 * @param writes whether what its cells write is shared
 * @param followed whether the cells that read it run again when others have changed it
 */
public record SharedUse(
    SharedName shared, Stamp dot, VersionVector seen, boolean writes, boolean followed) {
  private static final String PREFIX = "shared.use/";

  /** The same after another version was taken over. */
  public SharedUse at(Stamp newDot, VersionVector nowSeen) {
    return new SharedUse(shared, newDot, nowSeen, writes, followed);
  }

  /** The same, followed or not. */
  public SharedUse followed(boolean now) {
    return new SharedUse(shared, dot, seen, writes, now);
  }

  /** What all settings of this kind begin with. */
  public static final Name FIRST = new Name(Kind.SETTING, PREFIX);

  /** Whether a name is that of such a setting. */
  public static boolean isSetting(Name name) {
    return name.kind() == Kind.SETTING && name.text().startsWith(PREFIX);
  }

  /** Whether a session uses any shared name. */
  public static boolean isUsedIn(Manifest manifest) {
    return !manifest.beginningWith(FIRST).isEmpty();
  }

  /** The setting for a variable of the notebook. */
  public static Name setting(Name variable) {
    return new Name(Kind.SETTING, PREFIX + variable.text());
  }

  /** The variable that an entry with such a setting is about. */
  public static Name variable(Entry setting) {
    return Name.variable(setting.name().text().substring(PREFIX.length()));
  }

  /** The setting's entry. */
  public Entry entry(Name variable, Stamp stamp, int cellNumber) {
    String text = Base64.getEncoder().encodeToString(RecordCodec.encode(this));
    return Entry.definition(Symbol.plain(setting(variable), text), stamp, cellNumber);
  }

  /** Reads a setting's entry. */
  public static SharedUse of(Entry setting) throws MalformedFrameException {
    return RecordCodec.decode(SharedUse.class, Base64.getDecoder().decode(setting.symbol().type()));
  }
}
