package dev.orchestrator.api.config;

/**
 * The operator's own queries, run on monitored servers apart from the poll. Each but the last yields one row with one
 * column; empty means that there is none.
 *
 * @param clusterAlias the cluster's alias; asked on the primary
 * @param clusterDomain the cluster's domain name; asked on the primary
 * @param instanceAlias the instance's display name
 * @param promotionRule the instance's promotion rule
 * @param dataCenter the instance's data center
 * @param region the instance's region
 * @param environment the instance's physical environment
 * @param lag the replication lag in seconds, in place of what the server says
 * @param replicationAccount the account that a former primary is to replicate with: user, password and, if there are more
 *     columns, the paths of the TLS certificate authority, certificate and key; asked on a replica, only for a switchover
 */
public record DetectionQueries(
        String clusterAlias,
        String clusterDomain,
        String instanceAlias,
        String promotionRule,
        String dataCenter,
        String region,
        String environment,
        String lag,
        String replicationAccount) {
    /** No queries. */
    public static final DetectionQueries NONE = new DetectionQueries("", "", "", "", "", "", "", "", "");
}
