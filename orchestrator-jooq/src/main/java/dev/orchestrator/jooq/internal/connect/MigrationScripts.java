package dev.orchestrator.jooq.internal.connect;

import java.util.List;

/** The migration scripts in their order. Named here, so that nothing has to search the class path. */
final class MigrationScripts {
    private static final List<String> MYSQL = List.of(
            "V001__instance.sql",
            "V002__instance_name.sql",
            "V003__instance_forgotten.sql",
            "V004__cluster.sql",
            "V005__lease.sql",
            "V006__maintenance_lock.sql",
            "V007__recovery.sql",
            "V008__recovery_step.sql",
            "V009__audit.sql",
            "V010__downtime.sql",
            "V011__promotion_rule.sql",
            "V012__setting.sql",
            "V013__cluster_alias.sql",
            "V014__fence.sql",
            "V015__node.sql",
            "V016__pool.sql",
            "V017__maintenance_lock_shared.sql",
            "V018__recovery_before.sql",
            "V019__recovery_successor_uuid.sql",
            "V020__recovery_type.sql",
            "V030__run.sql",
            "V031__instance_unsynced.sql",
            "V041__run_cancel_outcome.sql",
            "V042__recovery_version.sql",
            "V043__recovery_written_by.sql",
            "V044__recovery_former_left_stopped.sql");
    private static final List<String> SQLITE = List.of(
            "V001__instance.sql",
            "V001.1__instance_cluster.sql",
            "V002__instance_name.sql",
            "V003__instance_forgotten.sql",
            "V004__cluster.sql",
            "V005__lease.sql",
            "V006__maintenance_lock.sql",
            "V006.1__maintenance_lock_token.sql",
            "V006.2__maintenance_lock_ended.sql",
            "V007__recovery.sql",
            "V007.1__recovery_cluster.sql",
            "V007.2__recovery_ended.sql",
            "V008__recovery_step.sql",
            "V009__audit.sql",
            "V009.1__audit_at.sql",
            "V009.2__audit_instance.sql",
            "V010__downtime.sql",
            "V011__promotion_rule.sql",
            "V012__setting.sql",
            "V013__cluster_alias.sql",
            "V014__fence.sql",
            "V015__node.sql",
            "V016__pool.sql",
            "V017__maintenance_lock_shared.sql",
            "V018__recovery_before.sql",
            "V019__recovery_successor_uuid.sql",
            "V020__recovery_type.sql",
            "V030__run.sql",
            "V031__instance_unsynced.sql",
            "V031.1__instance_unsynced.sql",
            "V041__run_cancel_outcome.sql",
            "V042__recovery_version.sql",
            "V043__recovery_written_by.sql",
            "V044__recovery_former_left_stopped.sql");

    private MigrationScripts() {}

    static List<String> in(String folder) {
        return folder.equals("sqlite") ? SQLITE : MYSQL;
    }

    /** The version in a script's name, such as {@code 006.1} in {@code V006.1__lock_token.sql}. */
    static String version(String script) {
        return script.substring(1, script.indexOf("__"));
    }
}
