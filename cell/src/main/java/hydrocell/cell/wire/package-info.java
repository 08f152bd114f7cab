/**
 * How records of this module become bytes, on connections and in Anna: {@link
 * hydrocell.cell.wire.RecordCodec}.
 *
 * <pre>
 * record   = 0:u8 (null) | 1:u8 fields:varint field*      components in order; later versions append
 * sealed   = 0:u8 (null) | ordinal+1:varint fields:varint field*   ordinal in the permits clause
 * field    = int, long: varint | boolean: u8 | double: u64 | enum: ordinal:varint
 *          | String, byte[]: 0:u8 (null) or 1:u8 length:varint byte*
 *          | List, Set: count:varint field* | Map: count:varint (field field)*
 * </pre>
 *
 * A record with fewer fields than the reader's was written by an older build: what is missing is
 * zero, empty or null. One with more was written by a newer build and is refused.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.cell.wire;
