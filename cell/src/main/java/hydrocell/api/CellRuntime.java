package hydrocell.api;

import hydrocell.api.shared.Lattices;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What generated classes call. The executor binds it once, before any generated class is defined;
 * user code has no reason to call it. Thread-safe.
 */
public final class CellRuntime {
  private static volatile @Nullable Binding binding;

  private CellRuntime() {}

  /** The executor's side. */
  public interface Binding {
    /** A holder's or type's class is being initialised: its fields get the session's values. */
    void firstTouch(String name, Class<?> holder);

    /** Whether a type's static fields have values in the session, which it is to be given. */
    boolean restores(String name, Class<?> type);

    /** A constant of an enum, made without its constructor. */
    Enum<?> constant(Class<?> type, String name, int ordinal);

    /** The static initialiser of a type failed, and its class is lost. */
    void initialiserFailed(Throwable thrown);

    /** A cell called {@code System.exit}. */
    void exit(int status);

    /** What {@code System.console} gives: null where a cell may not ask. */
    java.io.@Nullable Console console();

    /** The output of the cell that this thread belongs to. */
    Output output();

    /** What is kept with the session besides its variables. */
    default Kept kept() {
      throw new IllegalStateException("nothing is kept with a session here");
    }

    /** Lattices that notebooks share. */
    default Lattices shared() {
      throw new IllegalStateException("nothing is shared here");
    }

    /** How the session wants a value shown; null when it says nothing of it. */
    default @Nullable Renderer<?> rendererOf(Object value) {
      return null;
    }
  }

  /** Objects of {@code hydrocell.api} that belong to the notebook's state, under keys. */
  public interface Kept {
    /** The object under a key; null when there is none. What it becomes is committed. */
    @Nullable Object get(String key);

    /** Keeps an object, in place of an earlier one. */
    void put(String key, String label, Object value);

    /** Keeps the object under this key no longer. */
    void remove(String key);

    /** All keys that begin like this. */
    Set<String> keys(String prefix);
  }

  /** Shows things in the running cell. */
  public interface Output {
    /** Shows a value and returns the id by which it can be updated. */
    String display(@Nullable Object value, String... mimeTypes);

    /** The forms of a value, which is not shown. */
    Map<String, String> render(@Nullable Object value, String... mimeTypes);

    /** Shows another value in place of the one with this id. */
    void update(String displayId, @Nullable Object value, String... mimeTypes);

    /** Clears what the cell has shown. */
    void clear(boolean wait);

    /** Says something on a comm; data and metadata are JSON text. */
    void comm(
        String type, String id, String target, String data, String metadata, List<byte[]> buffers);

    /** Jupyter's id of the request that the cell belongs to. */
    String parentId();

    /** Goes with the cell's reply: a JSON object, as Jupyter's payloads are. */
    void payload(String json);

    /** Something of ours to do when the cell's statements are done, however they end. */
    void atEnd(Runnable action);
  }

  /** Called once by the executor. */
  public static void bind(Binding executor) {
    if (binding != null) {
      throw new IllegalStateException("the cell runtime is bound already");
    }
    binding = executor;
  }

  /** Called by the static initialiser of holders and user types; see {@link Binding#firstTouch}. */
  public static void firstTouch(String name, Class<?> holder) {
    bound().firstTouch(name, holder);
  }

  /** Called by the static initialiser of enums and interfaces; see {@link Binding#restores}. */
  public static boolean restores(String name, Class<?> type) {
    return bound().restores(name, type);
  }

  /** Called by the static initialiser of an enum; see {@link Binding#constant}. */
  public static Enum<?> constant(Class<?> type, String name, int ordinal) {
    return bound().constant(type, name, ordinal);
  }

  /** Called by the static initialiser of an interface; see {@link Binding#initialiserFailed}. */
  public static void initialiserFailed(Throwable thrown) {
    bound().initialiserFailed(thrown);
  }

  /** Called where a cell's source calls {@code System.exit} or the like. */
  public static void exit(int status) {
    bound().exit(status);
  }

  /** Called where a cell's source calls {@code System.console}. */
  public static java.io.@Nullable Console console() {
    return bound().console();
  }

  /**
   * Called first in every handler of a cell that could catch a {@link CellStop}: lets it pass, so
   * that {@code catch (Throwable)} in a loop cannot outlive an interrupt.
   */
  public static void passStop(Throwable caught) {
    if (caught instanceof CellStop stop) {
      throw stop;
    }
  }

  /** Where things are shown; for the packages of this API. */
  public static Output output() {
    return bound().output();
  }

  /** What is kept with the session; for the packages of this API. */
  public static Kept kept() {
    return bound().kept();
  }

  /** Lattices that notebooks share; for the packages of this API. */
  public static Lattices shared() {
    return bound().shared();
  }

  /** How the session wants a value shown; null when it says nothing, or where there is none. */
  public static @Nullable Renderer<?> rendererOf(Object value) {
    Binding here = binding;
    return here == null ? null : here.rendererOf(value);
  }

  private static Binding bound() {
    return Objects.requireNonNull(binding, "cells run in a cell executor only");
  }
}
