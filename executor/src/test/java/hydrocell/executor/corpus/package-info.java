/**
 * The corpus: sequences of cells, run through JShell and through Hydrocell, whose outcomes must
 * agree. {@link hydrocell.executor.corpus.CorpusTest} is the central class.
 */
package hydrocell.executor.corpus;
