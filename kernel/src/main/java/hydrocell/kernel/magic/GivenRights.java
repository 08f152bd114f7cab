package hydrocell.kernel.magic;

import hydrocell.anna.wire.Permissions;
import hydrocell.anna.wire.Permissions.Permission;
import hydrocell.anna.wire.Permissions.Use;
import hydrocell.anna.wire.Permissions.Whom;
import hydrocell.kernel.SharedRights;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@code %share}: names, and what others are permitted. A person is written as the
 * system calls them, a group as {@code @GROUP}, and everybody as {@code everybody}.
 *
 * @param names divided by spaces
 * @param permissions null when none are mentioned: then those stay that there are
 */
record GivenRights(String names, @Nullable Permissions permissions) {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
  private static final Map<Character, Duration> UNITS =
      Map.of(
          'm', Duration.ofMinutes(1),
          'h', Duration.ofHours(1),
          'd', Duration.ofDays(1));
  private static final int LONGEST_NUMBER = 6;

  /** Reads the arguments; {@code now} is what {@code --for} counts from. */
  static GivenRights of(String arguments, Instant now) throws MagicException {
    List<String> names = new ArrayList<>();
    List<String> readers = new ArrayList<>();
    List<String> writers = new ArrayList<>();
    List<String> lasting = new ArrayList<>();
    List<String> taking = names;
    boolean mentioned = false;
    for (String word : arguments.strip().split("[\\s,]+")) {
      if (word.startsWith("--")) {
        mentioned = true;
        taking =
            switch (word) {
              case "--read" -> readers;
              case "--write" -> writers;
              case "--for" -> lasting;
              default ->
                  throw new MagicException(
                      "rights are --read WHO, --write WHO and --for TIME, not " + word);
            };
      } else {
        taking.add(word);
      }
    }
    if (!mentioned) {
      return new GivenRights(String.join(" ", names), null);
    }
    if (readers.isEmpty() && writers.isEmpty()) {
      throw new MagicException("rights need somebody after --read or --write");
    }
    long expiresAtMs = lasting.isEmpty() ? Long.MAX_VALUE : end(lasting, now);
    List<Permission> given = new ArrayList<>();
    readers.forEach(who -> given.add(permission(who, Use.READ, expiresAtMs)));
    writers.forEach(who -> given.add(permission(who, Use.WRITE, expiresAtMs)));
    return new GivenRights(String.join(" ", names), new Permissions(given));
  }

  private static long end(List<String> lasting, Instant now) throws MagicException {
    String text = lasting.getFirst();
    String number = text.substring(0, text.length() - 1);
    Duration unit = UNITS.get(text.charAt(text.length() - 1));
    boolean makesSense =
        lasting.size() == 1
            && unit != null
            && !number.isEmpty()
            && number.length() <= LONGEST_NUMBER
            && number.chars().allMatch(Character::isDigit);
    if (!makesSense || unit == null) {
      throw new MagicException("--for takes a time such as 30m, 8h or 7d, not " + lasting);
    }
    return now.plus(unit.multipliedBy(Long.parseLong(number))).toEpochMilli();
  }

  private static Permission permission(String who, Use use, long expiresAtMs) {
    if (who.equals(SharedRights.EVERYBODY)) {
      return new Permission(Whom.EVERYBODY, "", use, expiresAtMs);
    }
    return who.startsWith("@")
        ? new Permission(Whom.GROUP, who.substring(1), use, expiresAtMs)
        : new Permission(Whom.USER, who, use, expiresAtMs);
  }

  /** Permissions in words. */
  static String words(Permissions permissions) {
    return permissions.given().isEmpty()
        ? "nobody else may use it"
        : permissions.given().stream().map(GivenRights::words).collect(Collectors.joining(", "));
  }

  private static String words(Permission permission) {
    String until =
        permission.expiresAtMs() == Long.MAX_VALUE
            ? ""
            : " until "
                + TIME.format(
                    Instant.ofEpochMilli(permission.expiresAtMs()).atZone(ZoneId.systemDefault()));
    return SharedRights.spelled(permission)
        + " may "
        + permission.use().name().toLowerCase(Locale.ROOT)
        + " it"
        + until;
  }
}
