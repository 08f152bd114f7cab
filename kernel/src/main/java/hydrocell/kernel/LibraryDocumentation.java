package hydrocell.kernel;

import hydrocell.cell.Dependency;
import hydrocell.cell.Manifest;
import hydrocell.cell.MimeBundle;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.Resolution;
import hydrocell.cell.message.ResolveRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the sources or the javadoc of a library fetched when something of it is inspected that is not
 * documented on this machine. Nobody waits for that: an inspection says that it is under way, and
 * one after it shows the documentation. Each library is asked for once, and nothing where the
 * notebook is offline. Thread-safe.
 */
final class LibraryDocumentation {
  private static final Logger LOG = LoggerFactory.getLogger(LibraryDocumentation.class);

  /** Group, artifact, type and version: sources of other jars have no name of their own. */
  private static final int PLAIN = 4;

  private final Backend backend;

  /** By the path of a library's jar; ended when it was fetched, or cannot be. */
  private final Map<String, CompletableFuture<Void>> asked = new ConcurrentHashMap<>();

  LibraryDocumentation(Backend backend) {
    this.backend = backend;
  }

  /** What would document a jar; null when it is not to be asked for, or cannot be. */
  static @Nullable ResolveRequest wanted(Manifest manifest, String jar) {
    if (Setting.MAVEN_OFFLINE.isOn(manifest)) {
      return null;
    }
    for (Dependency each : Dependency.in(manifest.entries())) {
      String coordinates = each.artifact().coordinates();
      if (each.artifact().path().equals(jar) && coordinates.split(":").length == PLAIN) {
        return ResolveRequest.documentation(coordinates, Dependencies.repositories(manifest));
      }
    }
    return null;
  }

  /** Sees to it that a jar's documentation is fetched; whether it may still come. */
  boolean isComing(String jar, ResolveRequest wanted) {
    return !asked.computeIfAbsent(jar, path -> ask(path, wanted)).isDone();
  }

  private CompletableFuture<Void> ask(String jar, ResolveRequest wanted) {
    try {
      return backend
          .resolve(wanted, underway -> {})
          .handle((reply, failure) -> {
            LOG.debug("{}: {}", jar, words(reply, failure));
            return null;
          });
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static String words(@Nullable HostReply reply, @Nullable Throwable failure) {
    return reply instanceof HostReply.ResolutionIs answer
            && answer.resolution() instanceof Resolution.Resolved
        ? "documentation is here"
        : "no documentation: " + (failure == null ? reply : failure.getMessage());
  }

  /** An inspection's answer with the line that there will be more. */
  static MimeBundle announced(MimeBundle shown) {
    String line = "The documentation of this library is being fetched: ask again in a moment.";
    Map<String, String> data = new LinkedHashMap<>(shown.data());
    data.computeIfPresent("text/plain", (type, text) -> text + "\n\n" + line);
    data.computeIfPresent("text/markdown", (type, text) -> text + "\n\n*" + line + "*");
    data.computeIfPresent("text/html", (type, text) -> text + "\n<p><i>" + line + "</i></p>");
    return new MimeBundle(data, shown.metadata());
  }
}
