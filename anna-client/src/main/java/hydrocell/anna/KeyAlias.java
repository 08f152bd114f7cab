package hydrocell.anna;

/**
 * Where keys of a client lie that are not its person's own: it goes on spelling them as their owner
 * does, so that keys inside of values mean the same to everybody. Immutable.
 *
 * @param from what the client's spelling starts with; a whole segment, or more of them
 * @param to what the node's starts with
 */
public record KeyAlias(String from, String to) {
  private static boolean isWithin(String text, String prefix) {
    return text.startsWith(prefix)
        && (text.length() == prefix.length() || text.charAt(prefix.length()) == '/');
  }

  /** A key, or the beginning of keys, as the node spells it. */
  static String toNode(Iterable<KeyAlias> aliases, String text) {
    for (KeyAlias alias : aliases) {
      if (isWithin(text, alias.from)) {
        return alias.to + text.substring(alias.from.length());
      }
    }
    return text;
  }

  /** A key as the client spells it. */
  static String toClient(Iterable<KeyAlias> aliases, String text) {
    for (KeyAlias alias : aliases) {
      if (isWithin(text, alias.to)) {
        return alias.from + text.substring(alias.to.length());
      }
    }
    return text;
  }
}
