package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.CausalRegister;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.anna.wire.Permissions;
import hydrocell.anna.wire.Permissions.Permission;
import hydrocell.anna.wire.Permissions.Use;
import hydrocell.cell.SharedName;
import hydrocell.cell.TheirSession;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the owners of shared names permit others, and whose code may run in this person's notebooks.
 * A store for several people looks at permissions with each request; here they are read and
 * written. For the thread that runs cells.
 */
public final class SharedRights {
  /** How all users of the store together are spelled. */
  public static final String EVERYBODY = "everybody";

  private static final byte[] TRUSTED = {1};
  private static final byte[] NOT_TRUSTED = {0};

  private final Backend backend;
  private final Session session;
  private final InstantSource clock;

  SharedRights(Backend backend, Session session, InstantSource clock) {
    this.backend = backend;
    this.session = session;
    this.clock = clock;
  }

  private @Nullable LwwRegister register(Key key) throws IOException {
    return Backend.await(backend.anna().get(key)).lattice() instanceof LwwRegister register
        ? register
        : null;
  }

  private void write(Key key, @Nullable LwwRegister before, byte[] value) throws IOException {
    long counter = before == null ? 0 : before.stamp().counter();
    LwwRegister now = new LwwRegister(new Stamp(counter + 1, session.writer(), 0), value);
    Backend.await(backend.anna().merge(key, now, Durability.DISK));
  }

  private static Permissions read(@Nullable LwwRegister register) {
    try {
      return register == null ? Permissions.NONE : Permissions.read(register.value());
    } catch (MalformedFrameException e) {
      return Permissions.NONE; // As the store sees it.
    }
  }

  /**
   * Permits others to use a name of this person's, and nothing else from the next request on.
   *
   * @throws NotUsableException where the store serves one person alone, or these are too many
   */
  public void permit(SharedName shared, Permissions permissions)
      throws IOException, NotUsableException {
    permit(shared.rights(), shared, permissions);
  }

  /**
   * The same for a session that is shared under a name.
   *
   * @throws NotUsableException also where somebody may write whose code may not run here
   */
  void permit(TheirSession own, SharedName shared, Permissions permissions)
      throws IOException, NotUsableException {
    requireSeveralPeople("rights");
    Set<String> writers = new TreeSet<>();
    for (Permission each : permissions.given()) {
      if (each.use() == Use.WRITE && !each.name().equals(session.owner())) {
        writers.add(spelled(each));
      }
    }
    writers.removeAll(trusted(writers));
    if (!writers.isEmpty()) {
      throw new NotUsableException(
          "what %s run in this notebook becomes part of it, and runs with your rights, too: `%%trust %s` first"
              .formatted(String.join(" and ", writers), String.join(" ", writers)));
    }
    permit(own.rights(), shared, permissions);
  }

  private void permit(Key rights, SharedName shared, Permissions permissions)
      throws IOException, NotUsableException {
    requireSeveralPeople("rights");
    LwwRegister before = register(rights);
    List<Permission> all = new ArrayList<>(permissions.given());
    // What they wrote may still stand, so they are remembered: see requireTrust.
    for (Permission each : read(before).given()) {
      boolean again =
          permissions.given().stream()
              .anyMatch(now ->
                  now.whom() == each.whom()
                      && now.name().equals(each.name())
                      && now.use() == Use.WRITE);
      if (each.use() == Use.WRITE && !again) {
        long endedAtMs = Math.min(each.expiresAtMs(), clock.millis());
        all.add(new Permission(each.whom(), each.name(), Use.WRITE, endedAtMs));
      }
    }
    byte[] bytes = all.size() > Permissions.MOST ? null : new Permissions(all).bytes();
    if (bytes == null || bytes.length > Permissions.MOST_BYTES) {
      throw new NotUsableException(
          "%s has too many permissions, with those who could write it once: permit a group as @GROUP, or `%%unshare %s` and share it anew"
              .formatted(shared, shared.text()));
    }
    write(rights, before, bytes);
  }

  /** Permits nobody else anything from the next request on. */
  void takeBack(Key rights) throws IOException {
    LwwRegister before = backend.severalPeople() ? register(rights) : null;
    if (before != null) {
      write(rights, before, Permissions.NONE.bytes());
      // For good is what was written; this makes room, since one may have only so many.
      Backend.await(backend.anna().delete(List.of(rights)));
    }
  }

  /** What others are permitted now; null where it is not this person's to know. */
  public @Nullable Permissions permitted(SharedName shared) throws IOException {
    if (!backend.severalPeople() || !shared.owner().equals(session.owner())) {
      return null;
    }
    long nowMs = clock.millis();
    return new Permissions(
        read(register(shared.rights())).given().stream()
            .filter(each -> each.expiresAtMs() > nowMs)
            .toList());
  }

  /** Whether this person may write to a name; asked by a write that changes nothing. */
  boolean mayWrite(SharedName shared) throws IOException {
    if (!backend.severalPeople() || shared.owner().equals(session.owner())) {
      return true;
    }
    try {
      CausalRegister nothing = new CausalRegister(List.of(), VersionVector.EMPTY);
      Backend.await(backend.anna().merge(shared.versions(), nothing, Durability.LOG));
      return true;
    } catch (AnnaException e) {
      if (e.reason() == AnnaException.Reason.FORBIDDEN) {
        return false;
      }
      throw e;
    }
  }

  /** Lets a person's code run in this person's notebooks, or no more. */
  void trust(String person, boolean trusted) throws IOException, NotUsableException {
    requireSeveralPeople("trust");
    write(trust(person), register(trust(person)), trusted ? TRUSTED : NOT_TRUSTED);
  }

  /** No token of an executor's opens it: cells cannot trust for a person. */
  private static Key trust(String person) {
    return Key.of("trust", Hashes.sha256(person).substring(0, 24));
  }

  private Set<String> trusted(Set<String> people) throws IOException {
    Set<String> trusted = new TreeSet<>();
    for (String person : people) {
      if (trusts(person)) {
        trusted.add(person);
      }
    }
    return trusted;
  }

  private boolean trusts(String person) throws IOException {
    LwwRegister said = register(trust(person));
    return said != null && java.util.Arrays.equals(said.value(), TRUSTED);
  }

  /**
   * Checks that what others wrote may come into this notebook. It may carry code: classes, lambdas,
   * and bytes that make objects. Another person's name comes by trust in its owner, who chooses who
   * writes it; this person's own by trust in everybody who was ever let write it, since who wrote a
   * version is only what its writer says.
   *
   * @throws NotUsableException when it may not; the message says what to do
   */
  void requireTrust(SharedName shared) throws IOException, NotUsableException {
    NotUsableException needed = neededTrust(shared);
    if (needed != null) {
      throw needed;
    }
  }

  /** The refusal of code of somebody who is not trusted; null when all are. */
  @Nullable NotUsableException neededTrust(SharedName shared) throws IOException {
    Set<String> needed = new TreeSet<>();
    if (!shared.owner().equals(session.owner())) {
      needed.add(shared.owner());
    } else {
      for (Permission each : read(register(shared.rights())).given()) {
        if (each.use() == Use.WRITE && !each.name().equals(session.owner())) {
          needed.add(spelled(each));
        }
      }
    }
    needed.removeAll(trusted(needed));
    return needed.isEmpty()
        ? null
        : new NotUsableException(
            "%s may come with code of %s, which would run with your rights: `%%trust %s` lets it"
                .formatted(shared, String.join(" or ", needed), String.join(" ", needed)));
  }

  /** Who is meant: a person, {@code @GROUP}, or {@code everybody}. */
  public static String spelled(Permission permission) {
    return switch (permission.whom()) {
      case USER -> permission.name();
      case GROUP -> "@" + permission.name();
      case EVERYBODY -> EVERYBODY;
    };
  }

  private void requireSeveralPeople(String what) throws IOException, NotUsableException {
    if (!backend.severalPeople()) {
      throw new NotUsableException(
          "the store of your notebooks is yours alone: %s need a store for several people, see `hydrocell node --shared` in docs/OPERATING.md"
              .formatted(what));
    }
  }
}
