package hydrocell.cell;

import hydrocell.anna.lattice.Stamp;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest says of one name. Immutable; stored in Anna, so components are appended only.
 *
 * @param symbol the definition
 * @param stamp the commit that wrote this entry
 * @param cellNumber execution count of the cell that wrote it
 * @param state whether the value can be read
 * @param reason why not, in words for the user; empty when ready
 * @param valueKey where the value lies in Anna; names of one co-variable group share it; null when
 *     there is no value (methods, types, imports) or none was ever stored; of a value that cannot
 *     be stored any more, where it lies as it was stored last
 * @param valueHash hash of the encoded group, by which a change is noticed; empty without a value
 * @param sizeBytes encoded size of the group
 * @param valueType class of the value as shown to the user; empty without one
 * @param valueRefs names that the value's code refers to (a stored lambda reads what its body
 *     reads)
 * @param valueClasses generated classes that the value needs
 * @param executorId the executor that holds a value which could not be stored, or not yet; empty
 *     otherwise
 * @param owner of what was taken over from a shared name: that name, {@code OWNER/name}; empty of
 *     what the notebook's own cells wrote
 * @param cellHash of a name that an asynchronous cell is to write, or failed to: hash of that
 *     cell's source, by which it is known when it is run again; empty otherwise
 * @param changeable classes of the objects in the value that can change, by binary name; {@link
 *     #FIXED} when nothing in it can, empty when that is not known
 */
public record Entry(
    Symbol symbol,
    Stamp stamp,
    int cellNumber,
    State state,
    String reason,
    @Nullable String valueKey,
    String valueHash,
    long sizeBytes,
    String valueType,
    Set<Name> valueRefs,
    List<ClassRef> valueClasses,
    String executorId,
    String owner,
    String cellHash,
    Set<String> changeable) {

  /** Says of a value that nothing in it can change. */
  public static final Set<String> FIXED = Set.of("-");

  /** An entry that no asynchronous cell writes, with a value of which little is known. */
  public Entry(
      Symbol symbol,
      Stamp stamp,
      int cellNumber,
      State state,
      String reason,
      @Nullable String valueKey,
      String valueHash,
      long sizeBytes,
      String valueType,
      Set<Name> valueRefs,
      List<ClassRef> valueClasses,
      String executorId,
      String owner) {
    this(
        symbol,
        stamp,
        cellNumber,
        state,
        reason,
        valueKey,
        valueHash,
        sizeBytes,
        valueType,
        valueRefs,
        valueClasses,
        executorId,
        owner,
        "",
        Set.of());
  }

  /** Whether a value can be read; append only. */
  public enum State {
    /** It can. */
    READY,
    /**
     * An asynchronous cell is to write it, or it is being stored; the reason says by what. The
     * value that is named, if any, is the one before.
     */
    PENDING,
    /** The asynchronous cell that should have written it failed; a value is the one before. */
    FAILED,
    /** It cannot be stored and lives in one executor only. */
    UNSTORABLE,
    /** It was written by an earlier version of its type and does not fit the present one. */
    STALE,
    /**
     * An executor is still looking whether a cell changed it; the reason names the cell. The value
     * that is named is the one before.
     */
    SAVING
  }

  /** The name. */
  public Name name() {
    return symbol.name();
  }

  /** An entry for a definition without a value. */
  public static Entry definition(Symbol symbol, Stamp stamp, int cellNumber) {
    return new Entry(
        symbol, stamp, cellNumber, State.READY, "", null, "", 0, "", Set.of(), List.of(), "", "");
  }

  /** This entry as written by another commit. */
  public Entry at(Stamp newStamp, int newCellNumber) {
    return new Entry(
        symbol,
        newStamp,
        newCellNumber,
        state,
        reason,
        valueKey,
        valueHash,
        sizeBytes,
        valueType,
        valueRefs,
        valueClasses,
        executorId,
        owner,
        cellHash,
        changeable);
  }

  /** A value that only an executor has; what was stored before stays where it is. */
  public Entry unstorable(Stamp newStamp, int newCellNumber, String why, String executor) {
    return new Entry(
        symbol,
        newStamp,
        newCellNumber,
        State.UNSTORABLE,
        why,
        valueKey,
        valueHash,
        sizeBytes,
        valueType,
        valueRefs,
        valueClasses,
        executor,
        owner,
        "",
        changeable);
  }

  /** A stored value in which an executor still looks for what a cell changed. */
  public Entry saving(Stamp newStamp, String cell, String executor) {
    return at(newStamp, cellNumber).in(State.SAVING, cell, executor, cellHash);
  }

  /** This entry as of the value that it names, whatever became of that afterwards. */
  public Entry asStored() {
    return in(State.READY, "", "", "");
  }

  /** This entry in another state; what is kept of its value stays. */
  public Entry in(State newState, String newReason) {
    return in(newState, newReason, executorId, cellHash);
  }

  /** This entry as an asynchronous cell with a source of this hash is to write it. */
  public Entry pendingFor(String hash) {
    return in(State.PENDING, "", executorId, hash);
  }

  private Entry in(State newState, String newReason, String executor, String hash) {
    return new Entry(
        symbol,
        stamp,
        cellNumber,
        newState,
        newReason,
        valueKey,
        valueHash,
        sizeBytes,
        valueType,
        valueRefs,
        valueClasses,
        executor,
        owner,
        hash,
        changeable);
  }

  /**
   * This entry as it was taken over from a shared name; as the notebook's own with an empty one.
   */
  public Entry ownedBy(String sharedName) {
    return new Entry(
        symbol,
        stamp,
        cellNumber,
        state,
        reason,
        valueKey,
        valueHash,
        sizeBytes,
        valueType,
        valueRefs,
        valueClasses,
        executorId,
        sharedName,
        cellHash,
        changeable);
  }

  /** This entry with the same value under another key. */
  public Entry valueAt(String key) {
    return new Entry(
        symbol,
        stamp,
        cellNumber,
        state,
        reason,
        key,
        valueHash,
        sizeBytes,
        valueType,
        valueRefs,
        valueClasses,
        executorId,
        owner,
        cellHash,
        changeable);
  }

  /**
   * This value as somebody has it who does not trust its writer: under a definition and with
   * classes of their own. What its writer says of its code, and of what in it can change, is not
   * believed.
   */
  public Entry asData(Symbol own, String key, List<ClassRef> classes) {
    return new Entry(
        own,
        stamp,
        cellNumber,
        State.READY,
        "",
        key,
        valueHash,
        sizeBytes,
        valueType,
        Set.of(),
        classes,
        "",
        owner);
  }

  /** This definition with bytes that are kept for it. */
  public Entry withValue(String key, String hash, long bytes) {
    return new Entry(
        symbol,
        stamp,
        cellNumber,
        state,
        reason,
        key,
        hash,
        bytes,
        valueType,
        valueRefs,
        valueClasses,
        executorId,
        owner,
        cellHash,
        changeable);
  }

  /** This value under another definition. */
  public Entry with(Symbol newSymbol) {
    return new Entry(
        newSymbol,
        stamp,
        cellNumber,
        state,
        reason,
        valueKey,
        valueHash,
        sizeBytes,
        valueType,
        valueRefs,
        valueClasses,
        executorId,
        owner,
        cellHash,
        changeable);
  }
}
