/**
 * Bytes on a connection: {@link hydrocell.anna.wire.FrameConnection} carries frames, {@link
 * hydrocell.anna.wire.ByteWriter} and {@link hydrocell.anna.wire.ByteReader} fill and read them.
 *
 * <pre>
 * frame      = length:u32 (big endian, bytes that follow, 1..maxFrameBytes) payload
 * varint     = LEB128, 7 bits a byte, least significant first, at most 10 bytes
 * bytes      = length:varint byte*
 * text       = bytes, UTF-8
 * hello      = magic:u32 "HYC1" protocol:varint role:text secret:bytes build:text  (first frame of a client)
 * welcome    = 0:u8 build:text                                                     (first frame of a server)
 * refusal    = 1:u8 reason:text                                                    (then the server closes)
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package hydrocell.anna.wire;
