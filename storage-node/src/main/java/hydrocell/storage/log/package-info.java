/**
 * The log of one shard: {@link hydrocell.storage.log.SegmentedLog}, a folder of append-only
 * segments.
 *
 * <pre>
 * segment  = "HYCLOG01":8 record*            file NUMBER.log, 16 hex digits, in order of writing
 * record   = length:u32 crc:u32 body         length of body; CRC-32C of body
 * body     = 1:u8 key:text lattice           merge: the delta
 *          | 2:u8 key:text                   the key is removed, with all written before
 * </pre>
 *
 * Merges may be replayed in any order and more than once; removals are replayed in order.
 * Compaction rewrites what is live of the oldest segments at the end of the log and then deletes
 * those segments, so that a removal never goes before what it removes. A record that ends early or
 * fails its checksum at the end of the last segment is a torn write, and is cut off; anywhere else
 * it is {@link hydrocell.storage.log.Damage}: it is named and skipped, up to the next whole record.
 * A segment that begins with zeros lost its first sector in a power cut; one that begins with
 * anything else was written by another version, and is left alone.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.storage.log;
