package hydrocell.api.jjava;

/**
 * A MIME type under JJava's name.
 *
 * @param type as it is spelled, such as {@code text/html}
 */
public record MIMEType(String type) implements java.io.Serializable {
  /** Any type. */
  public static final MIMEType ANY = new MIMEType("*/*");

  /** Plain text. */
  public static final MIMEType TEXT_PLAIN = new MIMEType("text/plain");

  /** HTML. */
  public static final MIMEType TEXT_HTML = new MIMEType("text/html");

  /** LaTeX. */
  public static final MIMEType TEXT_LATEX = new MIMEType("text/latex");

  /** Markdown. */
  public static final MIMEType TEXT_MARKDOWN = new MIMEType("text/markdown");

  /** JavaScript. */
  public static final MIMEType APPLICATION_JAVASCRIPT = new MIMEType("application/javascript");

  /** JSON. */
  public static final MIMEType APPLICATION_JSON = new MIMEType("application/json");

  /** A picture without loss. */
  public static final MIMEType IMAGE_PNG = new MIMEType("image/png");

  /** A photograph. */
  public static final MIMEType IMAGE_JPEG = new MIMEType("image/jpeg");

  /** A picture of few colours. */
  public static final MIMEType IMAGE_GIF = new MIMEType("image/gif");

  /** A drawing. */
  public static final MIMEType IMAGE_SVG = new MIMEType("image/svg+xml");

  /** The type that is spelled like this. */
  public static MIMEType parse(String type) {
    return new MIMEType(type);
  }

  @Override
  public String toString() {
    return type;
  }
}
