package hydrocell.cell.message;

/**
 * An asynchronous cell as it lies in Anna from its submission to its end, so that another kernel
 * can take it over when the one that submitted it is gone. Immutable; components are appended only.
 *
 * @param execute its first attempt; entries that are pending are those it waits for
 * @param repeatable whether it has no effects outside the state, so that it may run again when its
 *     executor is lost
 * @param parent header of the request, as JSON: what it shows belongs there
 * @param submittedMs milliseconds since 1970, for people to read
 */
public record Submission(
    ToExecutor.Execute execute, boolean repeatable, String parent, long submittedMs) {}
