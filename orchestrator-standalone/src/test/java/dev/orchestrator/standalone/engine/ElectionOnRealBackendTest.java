package dev.orchestrator.standalone.engine;

import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.server.ServerPackage;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The election on every kind of backend, on servers under both isolation levels. */
class ElectionOnRealBackendTest {
    /** Processes of one host that share a file. */
    @Nested
    class OnSqlite extends ElectionContract {
        @TempDir
        private Path folder;

        @Override
        ElectionPlace place() {
            return ElectionPlace.file(folder.resolve("backend.db"));
        }
    }

    @Nested
    class OnMySql {
        @RegisterExtension
        static final MysqldExtension SERVER = MysqldExtension.shared();

        @Nested
        class ReadCommitted extends ElectionContract {
            @Override
            ElectionPlace place() {
                return server(SERVER, "transaction_isolation='READ-COMMITTED'");
            }
        }

        @Nested
        class RepeatableRead extends ElectionContract {
            @Override
            ElectionPlace place() {
                return server(SERVER, "transaction_isolation='REPEATABLE-READ'");
            }
        }
    }

    @Nested
    class OnMariaDb {
        @RegisterExtension
        static final MysqldExtension SERVER = MysqldExtension.shared(ServerPackage.MARIADB_10_11);

        @Nested
        class ReadCommitted extends ElectionContract {
            @Override
            ElectionPlace place() {
                return server(SERVER, "tx_isolation='READ-COMMITTED'");
            }
        }

        @Nested
        class RepeatableRead extends ElectionContract {
            @Override
            ElectionPlace place() {
                return server(SERVER, "tx_isolation='REPEATABLE-READ'");
            }
        }
    }

    private static ElectionPlace server(MysqldExtension server, String sessionVariables) {
        return ElectionPlace.server(server.server(), server.newSchema(), sessionVariables);
    }
}
