package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.TheirSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * In whose session this notebook runs its cells, and what it may do there: in its own, in that of
 * another notebook of the same person, or in one that somebody shares. Which one it is, the
 * registry of notebooks keeps. For the session's owner, under its lock; questions come from any
 * thread.
 */
final class Participation {
  /** Field of a session's record: the person behind the writer whose name follows. */
  static final String PERSON = "who/";

  private static final String OPENED = "open:";

  private final Backend backend;
  private final SessionIdentity identity;
  private final String writer;
  private volatile @Nullable TheirSession opened;
  private volatile boolean readsOnly;

  /** What the registry would say, of a notebook that it does not know. */
  private @Nullable String unregistered;

  /** The notebook's own session, to which it goes back; one that was moved here has another id. */
  private String ownId;

  Participation(Backend backend, SessionIdentity identity, String writer) {
    this.backend = backend;
    this.identity = identity;
    this.writer = writer;
    this.ownId = identity.defaultId();
  }

  /** Whether it is not the notebook's own session. */
  boolean isElsewhere() {
    return opened != null;
  }

  /** Whether it is another person's. */
  boolean isTheirs() {
    return !owner().equals(identity.owner());
  }

  /** Whether its owner lets this person only read it. */
  boolean readsOnly() {
    return readsOnly;
  }

  /** Whose session it is. */
  String owner() {
    TheirSession session = opened;
    return session == null ? identity.owner() : session.owner();
  }

  /** Where it lies, as {@link TheirSession} spells it; empty for a session of this person's. */
  String of() {
    return isTheirs() ? String.valueOf(opened) : "";
  }

  /** Finds out which session it is; its id. */
  String find() throws IOException {
    String text = unregistered != null ? unregistered : identity.resolve(backend.anna());
    if (text.startsWith(OPENED)) {
      int blank = text.lastIndexOf(' ');
      ownId = blank < 0 ? identity.defaultId() : text.substring(blank + 1);
      opened =
          TheirSession.parse(text.substring(OPENED.length(), blank < 0 ? text.length() : blank));
    } else {
      ownId = text;
      opened = null;
    }
    readsOnly = false;
    TheirSession session = opened;
    backend.in(isTheirs() ? session : null);
    return session == null ? text : session.sessionId();
  }

  /** From the next {@link #find} on it is another one; null: the notebook's own. */
  void goTo(@Nullable TheirSession session) throws IOException {
    String text = session == null ? ownId : OPENED + session + " " + ownId;
    if (identity.isPrivate()) {
      unregistered = text;
    } else {
      identity.register(backend.anna(), text);
    }
  }

  /** Finds out what this person may do here now. */
  void look(SessionKeys keys) throws IOException {
    if (!isTheirs()) {
      return;
    }
    boolean couldOnlyRead = readsOnly;
    try {
      Backend.await(backend.anna().merge(keys.manifest(), MapLattice.of(Map.of()), Durability.LOG));
      readsOnly = false;
    } catch (AnnaException e) {
      if (e.reason() != AnnaException.Reason.FORBIDDEN) {
        throw e;
      }
      readsOnly = true;
    }
    if (couldOnlyRead && !readsOnly) {
      introduce(keys);
    }
  }

  /** Says who is behind this kernel, to those who run cells in the same session. */
  void introduce(SessionKeys keys) throws IOException {
    if (!readsOnly) {
      byte[] name = identity.owner().getBytes(StandardCharsets.UTF_8);
      MapLattice person =
          MapLattice.of(Map.of(PERSON + writer, new LwwRegister(new Stamp(1, writer, 0), name)));
      Backend.await(backend.anna().merge(keys.session(), person, Durability.LOG));
    }
  }

  /**
   * Checks that this notebook may change the session.
   *
   * @throws IOException when its owner lets it read only
   */
  void requireWrite() throws IOException {
    if (readsOnly) {
      throw new IOException(
          "%s lets you read this notebook, not change it: `%%leave` goes back to your own"
              .formatted(owner()));
    }
  }

  /**
   * Checks that it is the notebook's own session.
   *
   * @throws IOException when it is not: then others would lose what is not this notebook's
   */
  void requireOwn() throws IOException {
    if (isElsewhere()) {
      throw new IOException(
          "this is a notebook of %s that you have opened: only where it comes from it can begin anew; `%%leave` goes back to your own"
              .formatted(owner()));
    }
  }

  /** What is said where the owner permits nothing any more, or the session is gone. */
  String ended() {
    return "%s shares the notebook that was opened here no more: this one goes on with its own names, as they were before"
        .formatted(owner());
  }
}
