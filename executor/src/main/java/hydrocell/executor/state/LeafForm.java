package hydrocell.executor.state;

import java.io.File;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values of the JDK that never change and that a text names completely, and loggers that nobody has
 * set up, which are found by their name. They are written where they are referred to, and have no
 * identity.
 */
final class LeafForm extends Form {
  private static final @Nullable Object[] NONE = {};

  /** The number of each kind is its place here: append only. */
  private static final List<LeafForm> KINDS =
      List.of(
          leaf(0, BigInteger.class, v -> v.toString(36), t -> new BigInteger(t, 36)),
          leaf(1, BigDecimal.class, BigDecimal::toString, BigDecimal::new),
          leaf(2, UUID.class, UUID::toString, UUID::fromString),
          leaf(3, URI.class, URI::toString, URI::create),
          leaf(4, LocalDate.class, LocalDate::toString, LocalDate::parse),
          leaf(5, LocalTime.class, LocalTime::toString, LocalTime::parse),
          leaf(6, LocalDateTime.class, LocalDateTime::toString, LocalDateTime::parse),
          leaf(7, Instant.class, Instant::toString, Instant::parse),
          leaf(8, OffsetDateTime.class, OffsetDateTime::toString, OffsetDateTime::parse),
          leaf(9, OffsetTime.class, OffsetTime::toString, OffsetTime::parse),
          leaf(10, ZonedDateTime.class, LeafForm::zoned, LeafForm::zoned),
          leaf(11, Duration.class, Duration::toString, Duration::parse),
          leaf(12, Period.class, Period::toString, Period::parse),
          leaf(13, Year.class, v -> Integer.toString(v.getValue()), t -> Year.of(number(t))),
          leaf(14, YearMonth.class, YearMonth::toString, YearMonth::parse),
          leaf(15, MonthDay.class, MonthDay::toString, MonthDay::parse),
          leaf(16, ZoneOffset.class, ZoneOffset::getId, ZoneOffset::of),
          leaf(17, ZoneId.class, ZoneId::getId, ZoneId::of),
          leaf(18, Charset.class, Charset::name, Charset::forName),
          leaf(19, Currency.class, Currency::getCurrencyCode, Currency::getInstance),
          leaf(20, Locale.class, Locale::toLanguageTag, Locale::forLanguageTag),
          leaf(21, Path.class, Path::toString, Path::of),
          leaf(22, File.class, File::getPath, File::new),
          leaf(23, Pattern.class, v -> v.flags() + " " + v.pattern(), LeafForm::pattern),
          leaf(24, Logger.class, LeafForm::nameOf, Logger::getLogger));

  private final int kind;
  private final Function<Object, String> write;
  private final Function<String, Object> read;

  private LeafForm(
      int kind, Class<?> type, Function<Object, String> write, Function<String, Object> read) {
    super(type, Shape.PARTS);
    this.kind = kind;
    this.write = write;
    this.read = read;
  }

  @SuppressWarnings("unchecked")
  private static <T> LeafForm leaf(
      int kind, Class<T> type, Function<T, String> write, Function<String, ? extends T> read) {
    return new LeafForm(
        kind, type, (Function<Object, String>) write, (Function<String, Object>) read);
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }

  private static String zoned(ZonedDateTime time) {
    return time.toLocalDateTime() + " " + time.getOffset() + " " + time.getZone();
  }

  private static ZonedDateTime zoned(String text) {
    String[] parts = text.split(" ", 3);
    if (parts.length != 3) {
      throw new DateTimeException("not a time with zone: " + text);
    }
    return ZonedDateTime.ofLocal(
        LocalDateTime.parse(parts[0]), ZoneId.of(parts[2]), ZoneOffset.of(parts[1]));
  }

  private static Pattern pattern(String text) {
    int space = text.indexOf(' ');
    return Pattern.compile(text.substring(space + 1), number(text.substring(0, space)));
  }

  private static String nameOf(Logger logger) {
    return Objects.requireNonNull(logger.getName());
  }

  /** Whether the logger of its name is all that it is. */
  private static boolean isAsFound(Logger logger) {
    return logger.getName() != null
        && logger.getHandlers().length == 0
        && logger.getLevel() == null
        && logger.getFilter() == null
        && logger.getResourceBundleName() == null
        && logger.getUseParentHandlers();
  }

  /** The kind that stores objects of a class; null when none does. */
  static @Nullable LeafForm of(Class<?> type) {
    for (LeafForm form : KINDS) {
      boolean open = !java.lang.reflect.Modifier.isFinal(form.wireType().getModifiers());
      if (form.wireType() == type
          || (open && Forms.fromJdk(type) && form.wireType().isAssignableFrom(type))) {
        return form;
      }
    }
    return null;
  }

  /** Whether a text gives back this very object: a path of the default file system, and so on. */
  static boolean complete(Object object) {
    return switch (object) {
      case Path path -> path.getFileSystem() == FileSystems.getDefault();
      case Locale locale -> Locale.forLanguageTag(locale.toLanguageTag()).equals(locale);
      case ZoneId zone -> ZoneId.getAvailableZoneIds().contains(zone.getId()) || isOffset(zone);
      case Logger logger -> isAsFound(logger);
      default -> true;
    };
  }

  private static boolean isOffset(ZoneId zone) {
    return zone.equals(ZoneId.of(zone.getId()));
  }

  int kind() {
    return kind;
  }

  String text(Object object) {
    return write.apply(object);
  }

  /** The value that a text of a kind names. */
  static Object read(long kind, String text) throws CorruptValueException {
    if (kind < 0 || kind >= KINDS.size()) {
      throw new CorruptValueException("no kind of value has the number " + kind);
    }
    try {
      return KINDS.get((int) kind).read.apply(text);
    } catch (RuntimeException e) {
      throw new CorruptValueException("not a " + KINDS.get((int) kind).wireType() + ": " + text, e);
    }
  }

  @Override
  boolean inline(Object object) {
    return true;
  }

  @Override
  boolean immutable() {
    return true;
  }

  @Override
  boolean sharable(Object object) {
    return false;
  }

  @Override
  @Nullable Object[] parts(Object object) {
    return NONE;
  }
}
