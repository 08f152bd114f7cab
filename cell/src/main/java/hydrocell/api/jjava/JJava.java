package hydrocell.api.jjava;

/** Where notebooks of JJava find their kernel. */
public final class JJava {
  private JJava() {}

  /** The kernel of this notebook. */
  public static JavaKernel getKernelInstance() {
    return new JavaKernel();
  }
}
