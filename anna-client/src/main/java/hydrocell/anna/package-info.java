/** The client side of Anna: keys, the client, and the rules of addressing. */
@org.jspecify.annotations.NullMarked
package hydrocell.anna;
