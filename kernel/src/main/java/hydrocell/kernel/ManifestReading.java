package hydrocell.kernel;

import hydrocell.cell.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * How far a kernel has read its manifest. Two of them are equal if nothing was taken over in
 * between; the names are not compared.
 *
 * @param version of the manifest in Anna
 */
record ManifestReading(Manifest manifest, long version) {
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ManifestReading reading
        && manifest == reading.manifest
        && version == reading.version;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(version);
  }
}
