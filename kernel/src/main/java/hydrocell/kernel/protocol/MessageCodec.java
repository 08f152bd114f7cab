package hydrocell.kernel.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Frames ↔ messages, signed. A signature that was seen before is refused, as ipykernel does. An
 * empty key means that messages are not signed. Thread-safe.
 */
public final class MessageCodec {
  /** The protocol's version in every header. */
  public static final String PROTOCOL_VERSION = "5.5";

  private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
  private static final int SIGNED_PARTS = 4;
  private static final int MAX_SEEN = 65_536;

  /** Initialised, and never used itself; null when messages are not signed. */
  private final @Nullable Mac signer;

  private final String session = UUID.randomUUID().toString();
  private final InstantSource clock;
  private final Map<String, Boolean> seen =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MAX_SEEN;
        }
      };

  /** A codec that signs with this key. */
  public MessageCodec(byte[] key, InstantSource clock) {
    this.signer = key.length == 0 ? null : signer(key);
    this.clock = clock;
  }

  /** An empty JSON object. */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Checks and reads a message. */
  public JupyterMessage read(List<byte[]> frames) throws BadMessageException {
    int at = 0;
    while (at < frames.size() && !Arrays.equals(frames.get(at), DELIMITER)) {
      at++;
    }
    if (frames.size() < at + 2 + SIGNED_PARTS) {
      throw new BadMessageException(
          "a message of %d frames, %d before the delimiter".formatted(frames.size(), at));
    }
    List<byte[]> parts = frames.subList(at + 2, at + 2 + SIGNED_PARTS);
    check(new String(frames.get(at + 1), StandardCharsets.US_ASCII), parts);
    return new JupyterMessage(
        List.copyOf(frames.subList(0, at)),
        tree(parts.get(0), "header"),
        tree(parts.get(1), "parent header"),
        tree(parts.get(2), "metadata"),
        tree(parts.get(3), "content"),
        List.copyOf(frames.subList(at + 2 + SIGNED_PARTS, frames.size())));
  }

  private void check(String signature, List<byte[]> parts) throws BadMessageException {
    if (signer == null) {
      return;
    }
    byte[] expected = sign(signer, parts).getBytes(StandardCharsets.US_ASCII);
    if (!MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.US_ASCII))) {
      throw new BadMessageException("the signature is wrong");
    }
    synchronized (seen) {
      if (seen.put(signature, Boolean.TRUE) != null) {
        throw new BadMessageException("the signature was seen before");
      }
    }
  }

  private ObjectNode tree(byte[] bytes, String what) throws BadMessageException {
    try {
      JsonNode tree = JsonTrees.read(bytes);
      if (tree instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      throw new BadMessageException("the " + what + " is not JSON: " + e.getMessage());
    }
    throw new BadMessageException("the " + what + " is no JSON object");
  }

  /** A message of the kernel's own, about a request. */
  public JupyterMessage make(
      List<byte[]> identities, String type, ObjectNode parentHeader, ObjectNode content) {
    return make(identities, type, parentHeader, content, object(), List.of());
  }

  /** A message of the kernel's own with metadata, and bytes beside it. */
  public JupyterMessage make(
      List<byte[]> identities,
      String type,
      ObjectNode parentHeader,
      ObjectNode content,
      ObjectNode metadata,
      List<byte[]> buffers) {
    ObjectNode header =
        object()
            .put("msg_id", UUID.randomUUID().toString())
            .put("session", session)
            .put("username", "kernel")
            .put("date", clock.instant().toString())
            .put("msg_type", type)
            .put("version", PROTOCOL_VERSION);
    return new JupyterMessage(identities, header, parentHeader, metadata, content, buffers);
  }

  /** Signs and writes a message. */
  public List<byte[]> write(JupyterMessage message) {
    List<byte[]> parts =
        List.of(
            JsonTrees.write(message.header()),
            JsonTrees.write(message.parent()),
            JsonTrees.write(message.metadata()),
            JsonTrees.write(message.content()));
    List<byte[]> frames = new ArrayList<>(message.identities());
    frames.add(DELIMITER);
    frames.add(
        signer == null ? new byte[0] : sign(signer, parts).getBytes(StandardCharsets.US_ASCII));
    frames.addAll(parts);
    frames.addAll(message.buffers());
    return frames;
  }

  private static Mac signer(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  /** A copy signs: to find and initialise one takes longer than to sign a message. */
  private static String sign(Mac signer, List<byte[]> parts) {
    try {
      Mac mac = (Mac) signer.clone();
      parts.forEach(mac::update);
      return HexFormat.of().formatHex(mac.doFinal());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's HmacSHA256 can be copied", e);
    }
  }

  /** Reads JSON that is not a message, such as the metadata of a MIME bundle. */
  public JsonNode parse(String text) throws IOException {
    return JsonTrees.read(text);
  }
}
