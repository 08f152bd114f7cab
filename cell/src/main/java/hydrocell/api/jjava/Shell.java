package hydrocell.api.jjava;

/** Stands for the shell commands that IJava has to be asked for; {@code %sh} is always there. */
public final class Shell {
  private Shell() {}
}
