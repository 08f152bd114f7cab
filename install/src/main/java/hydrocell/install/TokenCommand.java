package hydrocell.install;

import hydrocell.anna.wire.PeerUser;
import hydrocell.cell.local.StoreToken;
import hydrocell.storage.net.PersonTokens;
import hydrocell.storage.net.PersonTokens.Issued;
import hydrocell.storage.net.StoreCertificate;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * What the operator of a shared store does about tokens of people on other machines: issues one,
 * lists them, revokes some. It works on the store's folder; a running node looks there.
 */
final class TokenCommand {
  private static final String USE =
      "token wants PERSON [--days N], --list, or --revoke PERSON or the number of a token; each with --shared FOLDER";
  private static final int USUAL_DAYS = 90;
  private static final int MOST_DAYS = 3_650;

  private final PrintStream out;

  TokenCommand(PrintStream out) {
    this.out = out;
  }

  /** What is asked for: the words beside options, and these. */
  private static final class Asked {
    final List<String> words = new ArrayList<>();
    String folder = "";
    String revoke = "";
    boolean list;
    int days = USUAL_DAYS;

    static Asked of(List<String> arguments) throws IOException {
      Asked asked = new Asked();
      for (int i = 0; i < arguments.size(); i++) {
        String each = arguments.get(i);
        boolean valued = List.of("--shared", "--revoke", "--days").contains(each);
        if (valued && i + 1 == arguments.size()) {
          throw new IOException(each + " wants a value");
        }
        switch (each) {
          case "--shared" -> asked.folder = arguments.get(++i);
          case "--revoke" -> asked.revoke = arguments.get(++i);
          case "--days" -> asked.days = days(arguments.get(++i));
          case "--list" -> asked.list = true;
          default -> asked.words.add(each);
        }
      }
      return asked;
    }

    private static int days(String text) throws IOException {
      if (text.matches("\\d{1,4}")) {
        int days = Integer.parseInt(text);
        if (days >= 1 && days <= MOST_DAYS) {
          return days;
        }
      }
      throw new IOException("--days wants a number from 1 to %,d".formatted(MOST_DAYS));
    }

    boolean makesSense() {
      int wants = words.size() + (list ? 1 : 0) + (revoke.isEmpty() ? 0 : 1);
      return wants == 1
          && !folder.isEmpty()
          && (words.isEmpty() || !words.getFirst().startsWith("-"));
    }
  }

  /** Does it; the exit code. */
  int run(List<String> arguments) throws IOException {
    Asked asked = Asked.of(arguments);
    if (!asked.makesSense()) {
      out.println(USE);
      return 2;
    }
    Path folder = Path.of(asked.folder).toAbsolutePath().normalize();
    if (!Files.isDirectory(folder.resolve("people"))) {
      throw new IOException(
          "%s is no shared store: `hydrocell node --shared %s --listen HOST:PORT` makes one"
              .formatted(folder, folder));
    }
    if (!String.valueOf(Files.getAttribute(folder.resolve("people"), "unix:uid"))
        .equals(PeerUser.ownNumber())) {
      throw new IOException(
          "%s is another user's: tokens are the business of the user who runs the store"
              .formatted(folder));
    }
    PersonTokens tokens = new PersonTokens(SharedNode.tokens(folder), InstantSource.system());
    if (asked.list) {
      tokens.all().forEach(each -> out.println(line(each)));
      return 0;
    }
    return asked.revoke.isEmpty()
        ? issue(tokens, folder, asked.words.getFirst(), Duration.ofDays(asked.days))
        : revoke(tokens, asked.revoke);
  }

  private int issue(PersonTokens tokens, Path folder, String person, Duration life)
      throws IOException {
    String certificate = StoreCertificate.at(SharedNode.certificate(folder)).knownBy();
    Instant until = Instant.now().plus(life);
    out.print(new StoreToken(person, tokens.issue(person, life), certificate).text(until));
    return 0;
  }

  private int revoke(PersonTokens tokens, String personOrNumber) throws IOException {
    List<Issued> revoked = tokens.revoke(personOrNumber);
    revoked.forEach(each -> out.println("revoked: " + line(each)));
    if (revoked.isEmpty()) {
      out.println("no token is of " + personOrNumber + "; --list shows those that there are");
      return 1;
    }
    return 0;
  }

  private static String line(Issued each) {
    return "%s  %s, since %s, until %s"
        .formatted(each.id(), each.person(), each.since(), each.until());
  }
}
