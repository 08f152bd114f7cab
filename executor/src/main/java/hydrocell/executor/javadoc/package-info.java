/**
 * Documentation of Java declarations, from sources and from pages that javadoc made. {@link
 * hydrocell.executor.javadoc.Library} is the central class: it finds the source of a class beside
 * the jar that the class is in, or in the JDK's {@code src.zip}; {@link
 * hydrocell.executor.javadoc.SourceFile} finds a declaration in a source, and {@link
 * hydrocell.executor.javadoc.CommentHtml} and {@link hydrocell.executor.javadoc.HtmlText} turn its
 * comment into HTML, Markdown and plain text. Nothing of a jar is loaded or run.
 *
 * <pre>{@code
 * Library library = new Library(Library.sourcesOfJdk());
 * Declared found = library.find("java.base", new Member(List.of("java.util.Map", "Entry"), "getKey", List.of()), jars);
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package hydrocell.executor.javadoc;
