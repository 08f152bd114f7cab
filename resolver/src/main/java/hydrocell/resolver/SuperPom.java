package hydrocell.resolver;

import org.apache.maven.model.Repository;
import org.apache.maven.model.building.DefaultModelProcessor;
import org.apache.maven.model.io.DefaultModelReader;
import org.apache.maven.model.locator.DefaultModelLocator;
import org.apache.maven.model.superpom.DefaultSuperPomProvider;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.RepositoryPolicy;

/** What every Maven project inherits: where libraries are looked for when nobody says otherwise. */
final class SuperPom {
  private static final String MODEL = "4.0.0";

  /** The id of the repository, which settings use to replace or mirror it. */
  static final String CENTRAL = "central";

  private SuperPom() {}

  /** The repository that Maven looks in by default; for releases only. */
  static RemoteRepository central() {
    DefaultModelProcessor processor =
        new DefaultModelProcessor()
            .setModelLocator(new DefaultModelLocator())
            .setModelReader(new DefaultModelReader());
    Repository central =
        new DefaultSuperPomProvider()
            .setModelProcessor(processor).getSuperModel(MODEL).getRepositories().stream()
                .filter(each -> each.getId().equals(CENTRAL))
                .findFirst()
                .orElseThrow(
                    () -> new IllegalStateException("Maven's own model names no " + CENTRAL));
    RepositoryPolicy none =
        new RepositoryPolicy(
            false, RepositoryPolicy.UPDATE_POLICY_NEVER, RepositoryPolicy.CHECKSUM_POLICY_WARN);
    return new RemoteRepository.Builder(CENTRAL, central.getLayout(), central.getUrl())
        .setSnapshotPolicy(none)
        .build();
  }
}
