package hydrocell.api.jjava;

/** Where notebooks of IJava find their kernel. */
public final class IJava {
  private IJava() {}

  /** The kernel of this notebook. */
  public static JavaKernel getKernelInstance() {
    return new JavaKernel();
  }
}
