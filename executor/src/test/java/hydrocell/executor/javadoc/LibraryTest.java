package hydrocell.executor.javadoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryTest {
  private static final String SOURCE =
      """
      package shop;

      /** Things that are <i>bought</i>. */
      public class Basket<E extends Comparable<E>> {
        /**
         * Adds a thing, see {@link java.util.List#add(Object) add} and {@link Basket#size}.
         *
         * @param thing what is bought; {@code null} & friends are refused
         * @param times how often
         * @return {@code true} if it is new
         * @throws IllegalStateException when the basket is full
         * @since 1.2
         * @see java.util.Collection
         * @apiNote Not for the faint-hearted.
         */
        public boolean add(E thing, int... times) {
          return false;
        }

        public int size() {
          return 0;
        }

        /** How many fit in. */
        public static final int LIMIT = 10;

        /** One of them. */
        public interface Item {
          /** Its name. */
          String name();
        }

        /// Empties the *basket*:
        ///
        /// - all of it
        /// - at `once`
        public void clear() {}
      }
      """;

  private static final String PAGE =
      """
      <html><body><section class="class-description" id="class-description">
      <div class="block">Things that are <script>alert(1)</script>bought.</div></section>
      <section class="summary"></section>
      <section class="detail" id="size()"><h3>size</h3>
      <div class="block">How many <a href="x.html"><code>things</code></a>.</div>
      <dl class="notes"><dt>Returns:</dt><dd>a number &ge; 0</dd></dl></section>
      <section class="detail" id="add(java.lang.Comparable,int...)"><h3>add</h3>
      <div class="block">Adds <div>a thing</div>.</div></section></body></html>
      """;

  @TempDir Path folder;

  private static Member member(String name, String... parameters) {
    return new Member(List.of("shop.Basket"), name, List.of(parameters));
  }

  private Declared declared(Member member) throws Exception {
    Path jar = Archive.of(folder.resolve("shop-1.jar"), Map.of("shop/Basket.class", ""));
    Archive.of(folder.resolve("shop-1-sources.jar"), Map.of("shop/Basket.java", SOURCE));
    return new Library(folder.resolve("none"))
        .of(List.of(member), List.of(folder.resolve("other.jar"), jar))
        .found()
        .get(member);
  }

  @Test
  void aCommentBecomesText() throws Exception {
    Declared declared = declared(member("add", "E", "int[]"));

    assertEquals(
        """
        Adds a thing, see add and Basket.size.

        Parameters:
        - thing – what is bought; null & friends are refused
        - times – how often

        Returns: true if it is new

        Throws:
        - IllegalStateException – when the basket is full

        Since: 1.2

        See also: Collection

        API note: Not for the faint-hearted.\
        """,
        HtmlText.plain(declared.html()));
    assertEquals(List.of("thing", "times"), declared.parameterNames());
    assertTrue(declared.source().startsWith("public boolean add(E thing"), declared.source());
    assertTrue(declared.source().contains("\n  return false;"), declared.source());
  }

  @Test
  void aCommentBecomesMarkdown() throws Exception {
    String markdown = HtmlText.markdown(declared(member("add", "E", "int[]")).html());

    assertTrue(markdown.contains("see add and `Basket.size`."), markdown);
    assertTrue(markdown.contains("**Parameters:**\n\n- `thing` – what"), markdown);
  }

  @Test
  void commentsInMarkdownAreRead() throws Exception {
    assertEquals(
        "Empties the *basket*:\n\n- all of it\n- at `once`",
        HtmlText.markdown(declared(member("clear")).html()));
  }

  @Test
  void typesFieldsAndNestedOnesAreFound() throws Exception {
    assertEquals("Things that are <i>bought</i>.", declared(member("")).html());
    assertEquals("How many fit in.", declared(member("LIMIT")).html());
    Member nested = new Member(List.of("shop.Basket", "Item"), "name", List.of());
    assertEquals("Its name.", declared(nested).html());
  }

  @Test
  void whatSaysNothingInherits() throws Exception {
    Declared declared = declared(member("size"));

    assertTrue(declared.inherits());
    assertEquals("", declared.html());
    assertNull(declared(member("add", "E")), "another overload is found");
  }

  @Test
  void pagesOfJavadocAreReadWhereThereAreNoSources() throws Exception {
    Path jar = Archive.of(folder.resolve("shop-1.jar"), Map.of("shop/Basket.class", ""));
    Archive.of(folder.resolve("shop-1-javadoc.jar"), Map.of("shop/Basket.html", PAGE));
    Library library = new Library(folder.resolve("none"));
    List<Member> members =
        List.of(member(""), member("size"), member("add", "Comparable", "int[]"), member("clear"));
    Map<Member, Declared> found = library.of(members, List.of(jar)).found();

    assertEquals("Things that are bought.", HtmlText.plain(found.get(members.get(0)).html()));
    assertEquals(
        "How many things.\n\nReturns:\n  a number ≥ 0",
        HtmlText.plain(found.get(members.get(1)).html()));
    assertTrue(HtmlText.plain(found.get(members.get(2)).html()).contains("a thing"));
    assertFalse(found.containsKey(members.get(3)));
  }

  @Test
  void aJarWithoutDocumentationIsNamed() throws Exception {
    Path jar = Archive.of(folder.resolve("shop-1.jar"), Map.of("shop/Basket.class", ""));
    Library library = new Library(folder.resolve("none"));

    assertEquals(jar, library.of(List.of(member("")), List.of(jar)).missing());
    Member other = new Member(List.of("shop.Till"), "", List.of());
    assertNull(library.of(List.of(other), List.of(jar)).missing());
    Archive.of(folder.resolve("shop-1-sources.jar"), Map.of("shop/Basket.java", SOURCE));
    assertEquals(1, library.of(List.of(member("")), List.of(jar)).found().size());
  }

  @Test
  void nothingButPlainMarkupPasses() {
    String hostile =
        "<p onclick=\"x()\">a<img src=x onerror=y()><style>p{}</style><a href='javascript:z()'>b</a>"
            + "<script>alert(1)</script> &lt;i&gt; c &copy;</p><unknown>d</unknown><";

    assertEquals("<p>ab &lt;i&gt; c ©</p>d", HtmlText.html(hostile));
    assertEquals("ab <i> c ©\n\nd", HtmlText.plain(hostile));
  }
}
