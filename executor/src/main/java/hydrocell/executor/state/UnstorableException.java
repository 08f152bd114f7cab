package hydrocell.executor.state;

/** A value holds something that cannot be stored; says what, why and how it is reached. */
public final class UnstorableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final String path;

  UnstorableException(String reason, String path) {
    super(path.isEmpty() ? reason : path + " " + reason, null, false, false);
    this.reason = reason;
    this.path = path;
  }

  /** The same reason with a longer way to it. */
  UnstorableException from(String start) {
    return new UnstorableException(reason, start + path);
  }

  /** Why, such as {@code is a java.net.Socket, which is bound to this process}. */
  public String reason() {
    return reason;
  }

  /** The way from the name to the object, such as {@code cache.conn}. */
  public String path() {
    return path;
  }
}
