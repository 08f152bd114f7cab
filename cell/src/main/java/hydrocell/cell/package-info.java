/**
 * What kernel and executor agree on. {@link hydrocell.cell.CellFunction} is a compiled cell, {@link
 * hydrocell.cell.Manifest} is the state of a session, {@link hydrocell.cell.Commit} moves it on.
 *
 * <p>Where a session lies in Anna ({@link hydrocell.cell.SessionKeys}):
 *
 * <pre>
 * path/OWNER/PATH-HASH          LwwRegister: the id of the session that a notebook path names
 * session/SID                   MapLattice: "epoch", "usedDay" → MaxLattice; "path", "name" → LwwRegister (text);
 *                               "place" → LwwRegister, of one that was moved: {@link hydrocell.cell.SessionPlace};
 *                               "lost" → GrowSet: versions of names whose values were damaged in the store
 * session/SID/m/EPOCH           MapLattice, the manifest of one epoch:
 *   n/NAME                        CausalRegister: Entry, as written by RecordCodec; a tombstone when removed
 *   frontier/WRITER               MaxLattice: largest counter committed by the writer
 *   c/SLOT                        LwwRegister: Commit.Trace; slot = counter mod COMMITS_KEPT
 *   fence/WRITER                  MaxLattice: commits with a smaller fencing number are refused
 *   fence/COUNTER.WRITER          the same for one asynchronous cell
 *                                 NAME starts with k: for what hydrocell.api keeps: comm/ID, target/NAME, renderer/CLASS
 * session/SID/v/EPOCH/STAMP/N   value N of the commit with that stamp: written once, never changed
 * session/SID/h                 MapLattice: execution history, one LwwRegister a cell
 * session/SID/j/EPOCH/COUNTER.WRITER   LwwRegister: Submission of an asynchronous cell that has not ended
 * session/SID/u                 MapLattice of Counters: what all its cells used ({@link hydrocell.cell.Usage}): "cells",
 *                               "executor.ns", "cpu.ns", "read.bytes", "written.bytes"
 * session/SID/u/EPOCH/PAGE      the same for each of 50 cells, as "CELL/executor.ns" and so on; the last pages stay
 * usage/OWNER                   the same for all cells of an owner
 * session/SID/o/STAMP           LwwRegister: outcome and output of a cell whose kernel went away
 * class/SHA256                  the bytes of a generated class: written once
 * shared/OWNER/NAME/l           the lattice of a shared name ({@link hydrocell.cell.SharedName})
 * shared/OWNER/NAME/v           CausalRegister of its versions ({@link hydrocell.cell.SharedVersion})
 * shared/OWNER/NAME/d/STAMP     the value of one version
 * shared/OWNER/NAME/d/STAMP/SHA256  a class that it needs, in a store for several people; the next two as well
 * rights/OWNER/NAME             LwwRegister: Permissions, what the owner lets others do with the name
 * trust/HASH                    LwwRegister: whether code of the person with this hash may run here
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package hydrocell.cell;
