package hydrocell.storage;

import hydrocell.anna.AnnaClient.KeyPage;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.wire.AnnaReply;
import hydrocell.anna.wire.AnnaRequest;
import hydrocell.anna.wire.Handshake;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.anna.wire.Permissions;
import hydrocell.anna.wire.Permissions.Use;
import hydrocell.anna.wire.RegisterMerge;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a shared node as one person spells them.
 *
 * <pre>
 * shared/OWNER/NAME/…   the same for everybody: the owner's, and what the owner permits
 * rights/OWNER/NAME     the same for everybody: what the owner permits; only the owner's
 * theirs/OWNER/…        a session of another person's, who permits it: see {@link TheirSessions}
 * anything else         this person's alone: lies under person/PERSON/
 * </pre>
 *
 * <p>So another person's sessions, classes and meters cannot even be named. What a person may not
 * read is answered as what is not there: it is asked of a key that nothing is ever written under.
 *
 * <p>Asked with each request, so what does not change is made once.
 */
final class PersonKeys implements KeySpace {
  /** Under it nothing lies. */
  private static final String NOWHERE = "nowhere/";

  /** Names for which one person permits others something, or did: these are kept in memory. */
  private static final int MOST_RIGHTS = 1_000;

  /** Of the quota, the part that is left for what is no value. */
  private static final int SLACK = 20;

  /** Figures of the whole store that everybody is told. */
  private static final List<String> TOLD = List.of("damaged.parts", "refused.writes");

  private final String person;
  private final People people;
  private final byte @Nullable [] secret;
  private final String spelled;
  private final String own;
  private final String ownShared;
  private final String ownRights;

  /**
   * The keys of a person.
   *
   * @param secret of the person's node on another machine; null for one on this machine, whose
   *     secret is kept
   */
  PersonKeys(String person, People people, byte @Nullable [] secret) {
    this.person = person;
    this.people = people;
    this.secret = secret;
    spelled = People.spelled(person);
    own = People.privatePrefix(person);
    ownShared = People.SHARED + spelled + "/";
    ownRights = Permissions.ALL + spelled + "/";
  }

  @Override
  public byte[] expected(byte[] presented) throws Handshake.RefusedException {
    return secret == null ? people.secret(person, presented) : secret;
  }

  private boolean isOwn(String key) {
    return key.startsWith(ownShared) || key.startsWith(ownRights);
  }

  private static boolean isCommon(String key) {
    return key.startsWith(People.SHARED) || key.startsWith(Permissions.ALL);
  }

  /** Whether the owner of a shared name permits this person something. */
  private boolean isPermitted(String key, Use use) {
    if (!key.startsWith(People.SHARED)) {
      return false;
    }
    int name = key.indexOf('/', People.SHARED.length()) + 1;
    int end = name == 0 ? -1 : key.indexOf('/', name);
    return end >= 0
        && key.charAt(name) != '~' // These permissions are for a session: see TheirSessions.
        && people.allow(person, use, Permissions.ALL + key.substring(People.SHARED.length(), end));
  }

  private @Nullable Key key(String text) {
    try {
      return new Key(text);
    } catch (IllegalArgumentException e) {
      return null; // Longer than a key can be, with what it lies under.
    }
  }

  private TheirSessions theirs() {
    return new TheirSessions(person, people);
  }

  private @Nullable Key read(Key asked) {
    String text = asked.text();
    if (TheirSessions.isTheirs(text)) {
      String place = theirs().read(text);
      return key(place == null ? NOWHERE + text : place);
    }
    if (!isCommon(text)) {
      return key(own + text);
    }
    return isOwn(text) || isPermitted(text, Use.READ) ? asked : key(NOWHERE + text);
  }

  private @Nullable Key deleted(Key asked) {
    String text = asked.text();
    if (TheirSessions.isTheirs(text)) {
      return null;
    }
    return isCommon(text) ? (isOwn(text) ? asked : null) : key(own + text);
  }

  /** Permissions come whole, and are looked at. */
  @Override
  public @Nullable Key mergedUnder(RegisterMerge head, ByteBuffer value) {
    Key asked = head.key();
    if (TheirSessions.isTheirs(asked.text())) {
      return keyOrNull(theirs().merged(asked.text(), head.stamp(), value));
    }
    return asked.text().startsWith(Permissions.ALL) ? null : merged(asked);
  }

  private @Nullable Key keyOrNull(@Nullable String text) {
    return text == null ? null : key(text);
  }

  private @Nullable Key merged(Key asked) {
    String text = asked.text();
    if (!isCommon(text)) {
      return key(own + text);
    }
    return isOwn(text) || isPermitted(text, Use.WRITE) ? asked : null;
  }

  @Override
  public @Nullable AnnaRequest opened(AnnaRequest request) {
    return switch (request) {
      case AnnaRequest.Get(Key asked) -> {
        Key key = read(asked);
        yield key == null ? null : new AnnaRequest.Get(key);
      }
      case AnnaRequest.Version(Key asked) -> {
        Key key = read(asked);
        yield key == null ? null : new AnnaRequest.Version(key);
      }
      case AnnaRequest.GetFields(Key asked, var fields) -> {
        Key key = read(asked);
        yield key == null ? null : new AnnaRequest.GetFields(key, fields);
      }
      case AnnaRequest.Merge merge -> opened(merge);
      case AnnaRequest.Delete(List<Key> asked) -> {
        List<Key> keys = new ArrayList<>();
        for (Key each : asked) {
          Key key = deleted(each);
          if (key == null) {
            yield null;
          }
          keys.add(key);
        }
        yield new AnnaRequest.Delete(keys);
      }
      case AnnaRequest.Scan scan -> opened(scan);
      case AnnaRequest.Stats stats -> stats;
      case AnnaRequest.Compact compact -> null;
    };
  }

  private @Nullable AnnaRequest opened(AnnaRequest.Merge merge) {
    Key key =
        TheirSessions.isTheirs(merge.key().text())
            ? keyOrNull(theirs().merged(merge))
            : merged(merge.key());
    if (key == null || (key.text().startsWith(Permissions.ALL) && !isPermissions(merge))) {
      return null;
    }
    return new AnnaRequest.Merge(key, merge.delta(), merge.durability(), merge.guard());
  }

  private static boolean isPermissions(AnnaRequest.Merge merge) {
    if (merge.delta() instanceof LwwRegister register
        && register.value().length <= Permissions.MOST_BYTES) {
      try {
        Permissions.read(register.value());
        return true;
      } catch (MalformedFrameException e) {
        return false;
      }
    }
    return false;
  }

  /** A person who asks for everything that is shared finds what is their own. */
  private AnnaRequest opened(AnnaRequest.Scan scan) {
    String prefix = scan.prefix();
    if (TheirSessions.isTheirs(prefix)) {
      String place = theirs().scanned(prefix);
      String cursor = scan.cursor();
      return place == null
          ? new AnnaRequest.Scan(
              NOWHERE + prefix, cursor.isEmpty() ? "" : NOWHERE + cursor, scan.limit())
          : new AnnaRequest.Scan(
              place,
              cursor.startsWith(Permissions.THEIRS)
                  ? People.PRIVATE + cursor.substring(Permissions.THEIRS.length())
                  : "",
              scan.limit());
    }
    if (!isCommon(prefix)) {
      String cursor = scan.cursor().isEmpty() ? "" : own + scan.cursor();
      return new AnnaRequest.Scan(own + prefix, cursor, scan.limit());
    }
    if (prefix.equals(People.SHARED) || prefix.equals(Permissions.ALL)) {
      return new AnnaRequest.Scan(prefix + spelled + "/", scan.cursor(), scan.limit());
    }
    return isOwn(prefix) || isPermitted(prefix, Use.READ)
        ? scan
        : new AnnaRequest.Scan(
            NOWHERE + prefix, scan.cursor().isEmpty() ? "" : NOWHERE + scan.cursor(), scan.limit());
  }

  @Override
  public AnnaReply told(AnnaRequest asked, AnnaReply answer) {
    if (asked instanceof AnnaRequest.Scan(String prefix, var cursor, var limit)
        && prefix.startsWith(People.PRIVATE)
        && answer instanceof AnnaReply.Keys(KeyPage page)) {
      String next = page.next();
      return new AnnaReply.Keys(
          new KeyPage(
              page.keys().stream().map(key -> new Key(asSpelled(key.text()))).toList(),
              next == null ? null : asSpelled(next)));
    }
    if (answer instanceof AnnaReply.Figures(Map<String, Long> all)) {
      Map<String, Long> figures = new TreeMap<>();
      TOLD.forEach(figure -> figures.put(figure, all.getOrDefault(figure, 0L)));
      figures.put("live.bytes", people.storedBytes(spelled));
      figures.put("quota.bytes", people.quotaBytes());
      return new AnnaReply.Figures(figures);
    }
    return answer;
  }

  private String asSpelled(String key) {
    return key.startsWith(own) ? key.substring(own.length()) : TheirSessions.spelled(key);
  }

  /** Where no more values fit, names can still be removed, and permissions taken back. */
  @Override
  public @Nullable String full(Key key, boolean value) {
    String text = key.text();
    String owner = text.startsWith(own) || isOwn(text) ? spelled : People.owner(text);
    boolean rights = text.startsWith(Permissions.ALL);
    if (rights && people.hasRights(text)) {
      return null;
    }
    if (rights && people.rights(owner) >= MOST_RIGHTS) {
      return "you permit others something for %,d names, the most that one may: `%%unshare` one first"
          .formatted(MOST_RIGHTS);
    }
    long most = people.quotaBytes() + (value ? 0 : people.quotaBytes() / SLACK);
    if (people.storedBytes(owner) < most) {
      return null;
    }
    return "what %s may store in the shared store is full, %,d MB: remove names or notebooks, or ask its operator"
        .formatted(owner, people.quotaBytes() >> 20);
  }
}
