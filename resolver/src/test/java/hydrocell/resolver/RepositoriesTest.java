package hydrocell.resolver;

import static hydrocell.resolver.RepositoryFolder.dependency;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import hydrocell.cell.message.Resolution;
import hydrocell.cell.message.ResolveRequest;
import hydrocell.cell.message.ResolveRequest.Exclusion;
import hydrocell.cell.message.ResolveRequest.Repository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sonatype.plexus.components.cipher.DefaultPlexusCipher;

/** Libraries out of a repository behind HTTP, by the settings of a person's Maven. */
class RepositoriesTest {
  private static final String PASSWORD = "open sesame";

  @TempDir Path temp;
  private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
  private RepositoryFolder libraries;
  private HttpServer server;
  private String home;
  private volatile String wanted = "";
  private final ConcurrentLinkedQueue<Resolution.Underway> told = new ConcurrentLinkedQueue<>();

  /** Stands still unless a test moves it, so that what is quick is not told of. */
  private final AtomicLong clockNs = new AtomicLong();

  private final AtomicLong tickNs = new AtomicLong();

  @BeforeEach
  void serve() throws IOException {
    libraries = new RepositoryFolder(temp.resolve("repository"));
    libraries.put("base", "1.0", "");
    libraries.put("base", "2.0", "");
    libraries.put("left", "1.0", dependency("base", "1.0"));
    libraries.list("base", "1.0", "2.0");
    libraries.jar("base", "1.0", "1.0-tests.jar");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/repo/", this::answer);
    server.start();
    home = System.getProperty("user.home");
    Files.createDirectories(temp.resolve("home/.m2"));
    System.setProperty("user.home", temp.resolve("home").toString());
  }

  @AfterEach
  void stop() {
    server.stop(0);
    System.setProperty("user.home", home);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI().toString());
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    Path file = libraries.folder().resolve(exchange.getRequestURI().getPath().substring(6));
    if (!wanted.isEmpty() && !wanted.equals(given)) {
      exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"libraries\"");
      exchange.sendResponseHeaders(401, -1);
    } else if (!Files.isRegularFile(file)) {
      exchange.sendResponseHeaders(404, -1);
    } else {
      byte[] bytes = Files.readAllBytes(file);
      clockNs.addAndGet(tickNs.get());
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  private String url() {
    return "http://127.0.0.1:%d/repo/".formatted(server.getAddress().getPort());
  }

  private void settings(String text) throws IOException {
    Files.writeString(temp.resolve("home/.m2/settings.xml"), "<settings>" + text + "</settings>");
  }

  private Resolution ask(ResolveRequest request) throws IOException {
    Downloads downloads = new Downloads(clockNs::get, told::add);
    try (Maven maven = Maven.asConfigured(request, downloads)) {
      return new Resolving(maven, request).resolve();
    }
  }

  private ResolveRequest at(
      String repository,
      boolean offline,
      List<Exclusion> excluded,
      List<String> managed,
      String... libraries) {
    return new ResolveRequest(
        List.of(libraries),
        List.of(new Repository("here", repository)),
        "",
        offline,
        excluded,
        managed,
        !offline);
  }

  private List<String> found(ResolveRequest request) throws IOException {
    return assertInstanceOf(Resolution.Resolved.class, ask(request)).artifacts().stream()
        .map(Resolution.Artifact::coordinates)
        .toList();
  }

  private List<String> found(String... libraries) throws IOException {
    return found(at(url(), false, List.of(), List.of(), libraries));
  }

  private String refusal(ResolveRequest request) {
    return String.valueOf(assertThrows(IOException.class, () -> ask(request)).getMessage());
  }

  @Test
  void aMirrorIsAskedWithItsEncryptedPasswordAndNothingWhenOffline() throws Exception {
    DefaultPlexusCipher cipher = new DefaultPlexusCipher();
    Files.writeString(
        temp.resolve("home/.m2/settings-security.xml"),
        "<settingsSecurity><master>%s</master></settingsSecurity>"
            .formatted(cipher.encryptAndDecorate("master", "settings.security")));
    String credentials =
        "<mirrors><mirror><id>ours</id><mirrorOf>*</mirrorOf><url>%s</url></mirror></mirrors><servers><server><id>ours</id><username>me</username><password>%s</password></server></servers>";
    wanted =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(("me:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    ResolveRequest base =
        at("http://elsewhere.invalid/", false, List.of(), List.of(), "test.hydrocell:base:1.0");

    settings(credentials.formatted(url(), "wrong"));
    String refused = refusal(base);
    assertTrue(refused.contains("<server> with <id>ours</id>"), refused);

    settings(credentials.formatted(url(), cipher.encryptAndDecorate(PASSWORD, "master")));
    assertEquals(List.of("test.hydrocell:base:jar:1.0"), found(base));

    asked.clear();
    ResolveRequest offline = at(url(), true, List.of(), List.of(), "test.hydrocell:base:1.0");
    assertEquals(List.of("test.hydrocell:base:jar:1.0"), found(offline));
    String missing = refusal(at(url(), true, List.of(), List.of(), "test.hydrocell:left:1.0"));
    assertTrue(missing.contains("Maven is offline"), missing);
    assertEquals(List.of(), List.copyOf(asked));
  }

  @Test
  void aProxyIsAsked() throws Exception {
    settings(
        "<mirrors><mirror><id>all</id><mirrorOf>*</mirrorOf><url>http://libraries.invalid/repo/</url></mirror></mirrors><proxies><proxy><active>true</active><protocol>http</protocol><host>127.0.0.1</host><port>%d</port></proxy></proxies>"
            .formatted(server.getAddress().getPort()));

    assertEquals(
        List.of("test.hydrocell:base:jar:1.0"),
        found(
            at(
                "http://libraries.invalid/repo/",
                false,
                List.of(),
                List.of(),
                "test.hydrocell:base:1.0")));
    assertTrue(
        asked.stream().anyMatch(each -> each.startsWith("http://libraries.invalid/repo/")),
        asked.toString());
  }

  /** The repositories of everybody are looked in here, too, so that no test leaves this machine. */
  private void onlyHere() throws IOException {
    settings(
        "<mirrors><mirror><id>here</id><mirrorOf>*</mirrorOf><url>%s</url></mirror></mirrors>"
            .formatted(url()));
  }

  @Test
  void whatDoesNotAnswerIsNamedAndWhatIsMisspeltIsGuessed() throws Exception {
    onlyHere();
    assertEquals(List.of("test.hydrocell:base:jar:1.0"), found("test.hydrocell:base:1.0"));

    String misspelt = refusal(at(url(), false, List.of(), List.of(), "test.hydrocell:bsae:1.0"));
    assertTrue(misspelt.contains("did you mean test.hydrocell:base?"), misspelt);

    settings(
        "<mirrors><mirror><id>shut</id><mirrorOf>*</mirrorOf><url>%s</url><blocked>true</blocked></mirror></mirrors>"
            .formatted(url()));
    String blocked = refusal(at(url(), false, List.of(), List.of(), "test.hydrocell:left:1.0"));
    assertTrue(blocked.contains("the repository here is blocked by the mirror shut"), blocked);

    onlyHere();
    server.stop(0);
    String silent = refusal(at(url(), false, List.of(), List.of(), "test.hydrocell:left:1.0"));
    assertTrue(silent.contains("the repository here did not answer"), silent);
  }

  @Test
  void aSnapshotIsLookedForAgainWhenItIsAskedForAgain() throws Exception {
    onlyHere();
    libraries.putSnapshot("early", "1.0", "20260101.101010", 1);
    List<String> first = found("test.hydrocell:early:1.0-SNAPSHOT");
    assertEquals(List.of("test.hydrocell:early:jar:1.0-20260101.101010-1"), first);

    libraries.putSnapshot("early", "1.0", "20260102.101010", 2);
    assertEquals(first, found(first.getFirst()));
    assertEquals(
        List.of("test.hydrocell:early:jar:1.0-20260102.101010-2"),
        found("test.hydrocell:early:1.0-SNAPSHOT"));
  }

  @Test
  void bomsClassifiersAndExclusionsCountAndAreKept() throws Exception {
    onlyHere();
    libraries.putBom("versions", "1", dependency("left", "1.0") + dependency("base", "2.0"));
    String bom = "test.hydrocell:versions:pom:1";

    Resolution.Resolved all =
        assertInstanceOf(
            Resolution.Resolved.class,
            ask(at(url(), false, List.of(), List.of(bom), "test.hydrocell:left")));
    assertEquals(
        List.of("test.hydrocell:left:jar:1.0", "test.hydrocell:base:jar:2.0"),
        all.artifacts().stream().map(Resolution.Artifact::coordinates).toList());
    assertEquals(List.of(bom), all.managed());
    assertEquals(
        List.of(
            "test.hydrocell:left:1.0", "└─ test.hydrocell:base:2.0 (managed; 1.0 was asked for)"),
        all.tree());

    List<Exclusion> none = List.of(new Exclusion("test.hydrocell:left", "test.hydrocell:*"));
    assertEquals(
        List.of("test.hydrocell:left:jar:1.0", "test.hydrocell:base:jar:tests:1.0"),
        found(
            at(
                url(),
                false,
                none,
                List.of(bom),
                "test.hydrocell:left",
                "test.hydrocell:base:jar:tests:1.0")));
    assertFalse(found("test.hydrocell:base:[1.0,2.0)").contains("test.hydrocell:base:jar:2.0"));
  }

  @Test
  void whatDocumentsALibraryIsFetchedBesideItAndAskedForOnce() throws Exception {
    onlyHere();
    libraries.jar("base", "1.0", "1.0-javadoc.jar");
    libraries.jar("left", "1.0", "1.0-javadoc.jar");
    libraries.jar("left", "1.0", "1.0-sources.jar");

    assertEquals(
        List.of("test.hydrocell:base:jar:javadoc:1.0"), documented("test.hydrocell:base:jar:1.0"));
    assertEquals(
        List.of("test.hydrocell:left:jar:sources:1.0"), documented("test.hydrocell:left:jar:1.0"));
    assertFalse(asked.contains("/repo/test/hydrocell/left/1.0/left-1.0-javadoc.jar"), "needless");
    Path local = temp.resolve("home/.m2/repository/test/hydrocell/left/1.0");
    assertTrue(Files.exists(local.resolve("left-1.0-sources.jar")), "it is not beside its jar");

    assertEquals(List.of(), documented("test.hydrocell:base:jar:2.0"));
    int before = asked.size();
    assertTrue(asked.contains("/repo/test/hydrocell/base/2.0/base-2.0-sources.jar"), "not asked");
    assertEquals(List.of(), documented("test.hydrocell:base:jar:2.0"));
    assertEquals(before, asked.size(), "what is not there is asked for again");
  }

  private List<String> documented(String library) throws IOException {
    ResolveRequest request =
        ResolveRequest.documentation(library, List.of(new Repository("here", url())));
    return ask(request) instanceof Resolution.Resolved found
        ? found.artifacts().stream().map(Resolution.Artifact::coordinates).toList()
        : List.of();
  }

  @Test
  void whatTakesLongIsToldOf() throws Exception {
    onlyHere();
    assertEquals(2, found("test.hydrocell:left:1.0").size());
    assertEquals(List.of(), List.copyOf(told));

    tickNs.set(1_000_000_000L);
    assertEquals(1, found("test.hydrocell:base:2.0").size());
    Resolution.Underway last = List.copyOf(told).getLast();
    assertEquals("base-2.0.jar", last.file());
    assertEquals(last.ofBytes(), last.bytes());
    assertTrue(last.bytes() > 0, last.toString());
  }
}
