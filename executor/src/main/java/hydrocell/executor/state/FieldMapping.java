package hydrocell.executor.state;

import hydrocell.executor.state.Form.FieldKey;
import java.util.Arrays;
import java.util.List;

/** Which stored field becomes which present one when a type was redefined: by name and type. */
final class FieldMapping {
  private static final String WIDENING = "BSIJFD";

  private FieldMapping() {}

  /**
   * For each wanted field the place of the stored one, or -1 for a new field.
   *
   * @param newFields gets the new ones
   */
  static int[] map(FieldKey[] stored, List<FieldKey> wanted, String type, List<String> newFields)
      throws StaleValueException {
    int[] mapping = new int[wanted.size()];
    Arrays.fill(mapping, -1);
    for (int i = 0; i < mapping.length; i++) {
      FieldKey field = wanted.get(i);
      for (int j = 0; j < stored.length; j++) {
        if (stored[j].owner() == field.owner() && stored[j].name().equals(field.name())) {
          agree(type, stored[j], field);
          mapping[i] = j;
        }
      }
      if (mapping[i] < 0) {
        newFields.add(type + "." + field.name());
      }
    }
    return mapping;
  }

  private static void agree(String type, FieldKey stored, FieldKey wanted)
      throws StaleValueException {
    String from = stored.descriptor();
    String to = wanted.descriptor();
    boolean fits =
        stored.primitive() && wanted.primitive()
            ? from.equals(to) || widens(from.charAt(0), to.charAt(0))
            : stored.primitive() == wanted.primitive();
    if (!fits) {
      throw new StaleValueException(
          "the field %s.%s was %s and is %s now"
              .formatted(type, stored.name(), spelled(from), spelled(to)));
    }
  }

  private static boolean widens(char from, char to) {
    if (from == 'C') {
      return to == 'I' || to == 'J' || to == 'F' || to == 'D';
    }
    int a = WIDENING.indexOf(from);
    int b = WIDENING.indexOf(to);
    return a >= 0 && a < b;
  }

  private static String spelled(String descriptor) {
    return switch (descriptor) {
      case "Z" -> "boolean";
      case "B" -> "byte";
      case "S" -> "short";
      case "C" -> "char";
      case "I" -> "int";
      case "J" -> "long";
      case "F" -> "float";
      case "D" -> "double";
      default -> ClassVersions.plainDescriptor(descriptor).replace('/', '.');
    };
  }

  /** The bits of a primitive as another one. */
  static long convert(long bits, char from, char to) {
    if (from == to) {
      return bits;
    }
    long whole = from == 'C' ? bits & 0xFFFF : bits;
    double number =
        switch (from) {
          case 'F' -> Float.intBitsToFloat((int) bits);
          case 'D' -> Double.longBitsToDouble(bits);
          default -> whole;
        };
    return switch (to) {
      case 'F' -> Float.floatToRawIntBits((float) number);
      case 'D' -> Double.doubleToRawLongBits(number);
      default -> whole;
    };
  }
}
