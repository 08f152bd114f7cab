/**
 * How clients come to a store from other machines. A {@link hydrocell.storage.net.StoreRelay} in
 * the person's own node takes the connections of that person's kernels and executors, and passes
 * them on over TLS; the store knows the person by one of its {@link
 * hydrocell.storage.net.PersonTokens}, and is known by its {@link
 * hydrocell.storage.net.StoreCertificate}.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.storage.net;
