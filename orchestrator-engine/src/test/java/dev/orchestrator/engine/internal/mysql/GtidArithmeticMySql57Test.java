package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.server.ServerPackage;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

class GtidArithmeticMySql57Test extends GtidArithmeticContract {
    @RegisterExtension
    static final MysqldExtension MYSQLD = MysqldExtension.shared(ServerPackage.MYSQL_5_7);

    @Override
    MysqldExtension mysqld() {
        return MYSQLD;
    }

    @Override
    List<String> tags() {
        return List.of();
    }
}
