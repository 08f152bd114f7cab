package hydrocell.executor.javadoc;

import java.util.List;

/**
 * A declaration as its author wrote it. Immutable.
 *
 * @param html what its comment says, as a fragment of HTML with nothing but plain markup; empty
 *     when it says nothing
 * @param inherits whether the comment is to be completed by that of the method it overrides
 * @param source the declaration; empty when only a page of javadoc is there
 * @param parameterNames of a method or constructor, in order; empty when not known
 */
public record Declared(String html, boolean inherits, String source, List<String> parameterNames) {}
