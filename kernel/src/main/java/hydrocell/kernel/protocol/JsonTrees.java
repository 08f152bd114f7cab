package hydrocell.kernel.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;

/**
 * Reads and writes JSON trees with Jackson's streams alone: its object mapper would bring some
 * hundred classes into every kernel. Thread-safe.
 */
public final class JsonTrees {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_STRING_BYTES = 256 << 20;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonFactory STREAMS =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_STRING_BYTES)
                  .build())
          .build();

  private JsonTrees() {}

  /**
   * Reads one value; what follows it is not looked at.
   *
   * @throws JsonParseException when it is no JSON, is empty or is nested too deeply
   */
  public static JsonNode read(byte[] json) throws IOException {
    try (JsonParser in = STREAMS.createParser(json)) {
      return first(in);
    }
  }

  /** Reads one value from text, as {@link #read(byte[])}. */
  public static JsonNode read(String json) throws IOException {
    try (JsonParser in = STREAMS.createParser(json)) {
      return first(in);
    }
  }

  private static JsonNode first(JsonParser in) throws IOException {
    if (in.nextToken() == null) {
      throw new JsonParseException(in, "there is nothing");
    }
    return value(in);
  }

  /** The value that starts with the current token. */
  private static JsonNode value(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case START_OBJECT -> {
        ObjectNode object = NODES.objectNode();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
          String name = in.currentName();
          in.nextToken();
          object.set(name, value(in));
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode array = NODES.arrayNode();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(in));
        }
        yield array;
      }
      case VALUE_STRING -> NODES.textNode(in.getText());
      case VALUE_NUMBER_INT ->
          switch (in.getNumberType()) {
            case INT -> NODES.numberNode(in.getIntValue());
            case LONG -> NODES.numberNode(in.getLongValue());
            default -> NODES.numberNode(in.getBigIntegerValue());
          };
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(in.getDoubleValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      default -> throw new JsonParseException(in, "no value starts with " + in.currentToken());
    };
  }

  /** The bytes of a tree, as UTF-8. */
  public static byte[] write(JsonNode tree) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = STREAMS.createGenerator(bytes)) {
      write(out, tree);
    } catch (IOException e) {
      throw new UncheckedIOException("a tree that cannot be written", e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator out, JsonNode tree) throws IOException {
    switch (tree.getNodeType()) {
      case OBJECT -> {
        out.writeStartObject();
        Iterator<Map.Entry<String, JsonNode>> fields = tree.fields();
        while (fields.hasNext()) {
          Map.Entry<String, JsonNode> field = fields.next();
          out.writeFieldName(field.getKey());
          write(out, field.getValue());
        }
        out.writeEndObject();
      }
      case ARRAY -> {
        out.writeStartArray();
        for (JsonNode element : tree) {
          write(out, element);
        }
        out.writeEndArray();
      }
      case STRING -> out.writeString(tree.textValue());
      case NUMBER -> writeNumber(out, tree);
      case BOOLEAN -> out.writeBoolean(tree.booleanValue());
      case BINARY -> out.writeBinary(tree.binaryValue());
      case NULL, MISSING -> out.writeNull();
      case POJO -> throw new IOException("a tree holds an object that is no JSON");
    }
  }

  private static void writeNumber(JsonGenerator out, JsonNode number) throws IOException {
    switch (number.numberType()) {
      case INT -> out.writeNumber(number.intValue());
      case LONG -> out.writeNumber(number.longValue());
      case BIG_INTEGER -> out.writeNumber(number.bigIntegerValue());
      case FLOAT -> out.writeNumber(number.floatValue());
      case DOUBLE -> out.writeNumber(number.doubleValue());
      case BIG_DECIMAL -> out.writeNumber(number.decimalValue());
    }
  }
}
