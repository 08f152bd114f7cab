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
 *              secret: the server's secret, or, for a storage node, a token
 * token      = 1:u8 expiresAtMs:u64 person:text count:varint (prefix:text rights:u8)* mac:byte[32]
 *              rights: bit 0 read, 1 scan, 2 merge, 3 merge addressed, 4 delete
 *              mac = HMAC-SHA-256 by the secret of "hydrocell access" and all that stands before
 * rights     = 1:u8 count:varint (whom:u8 name:text use:u8 expiresAtMs:u64)*       (Permissions)
 *              whom: 0 user, 1 group, 2 everybody; use: 0 read, 1 write
 * welcome    = 0:u8 build:text                                                     (first frame of a server)
 * admission  = hello with role "machine" and as secret: 1:u8 token:bytes secret:bytes  (Admission)
 *              answered by 0:u8 build:text person:text, or a refusal; then the client's own hello follows
 * refusal    = 1:u8 reason:text                                                    (then the server closes)
 * </pre>
 *
 * <p>Between a client and a storage node, after the handshake; replies come in any order:
 *
 * <pre>
 * request = id:varint operation:u8 body
 *   1 get        key:text                      → 1
 *   2 version    key:text                      → 3
 *   3 fields     key:text count:varint text*   → 1
 *   4 merge      key:text durability:u8 guarded:u8 [field:text atMost:u64] lattice   → 2
 *   5 delete     count:varint key:text*        → 4
 *   6 scan       prefix:text cursor:text limit:varint   → 5
 *   7 stats                                    → 6
 * reply   = id:varint code:u8 body
 *   1 found      version:u64 present:u8 [lattice]
 *   2 merged     changed:u8 version:u64 durability:u8
 *   3 version    version:u64
 *   4 deleted
 *   5 keys       count:varint text* more:u8 [cursor:text]
 *   6 figures    count:varint (name:text number:u64)*
 *   7 failed     reason:u8 message:text
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package hydrocell.anna.wire;
