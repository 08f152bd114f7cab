package hydrocell.executor.state;

/** A value of somebody whose code may not run here names a class that may be code. */
final class ForeignCodeException extends CorruptValueException {
  private static final long serialVersionUID = 1L;

  ForeignCodeException(String written) {
    super("it holds a " + written + ", which may be code of another person's");
  }
}
