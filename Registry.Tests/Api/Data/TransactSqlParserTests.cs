using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Data;

/// <summary>
/// Every T-SQL script is read by the parser and the schema model that Microsoft makes for SQL Server 2016, without a server.
/// </summary>
public sealed class TransactSqlParserTests
{
    private static readonly IReadOnlyList<EmbeddedScript> AllScripts = EmbeddedScripts.ForSqlServer;

    [TestCaseSource(nameof(AllScripts))]
    public void Finds_the_syntax_of_each_script_right(object script) =>
        Assert.That(TransactSql.Parse(((EmbeddedScript)script).Text).Errors, Is.Empty);

    [Test]
    public void Resolves_every_name_in_all_scripts_together()
    {
        var (tables, views, faults) = TransactSql.Model(AllScripts);
        Assert.That(faults, Is.Empty);
        Assert.That(views, Is.EquivalentTo(AllScripts.Where(script => script.Folder != "migrations").Select(script => script.Name)));
        Assert.That(
            tables,
            Is.EquivalentTo(
            [
                "site", "person", "treatment_case", "treatment_event", "assessment", "adverse_event", "cost_item", "hospital_stay",
                "resource_version", "audit_entry", "access_key", "idempotent_request", "score_identifier", "saved_cohort_version",
                "snapshot", "snapshot_part", "snapshot_content", "data_version", "response_class", "analysis_case", "analysis_case_earlier",
                "analysis_visit", "analysis_visit_earlier", "analysis_response", "analysis_cost", "analysis_cost_earlier", "analysis_stay",
                "analysis_adverse_event", "analysis_event", "analysis_state", "registry_secret",
            ]));
    }

    [TestCase("SELECT s.site_number FROM site s", "site_number")]
    [TestCase("SELECT h.site_id FROM hospital h", "hospital")]
    [TestCase("SELECT s.site_id FROM site s LIMIT 1", "LIMIT")]
    [TestCase("SELECT s.site_id, s.site_id FROM site s", "site_id")]
    public void Would_see_a_script_that_is_wrong(string query, string named) =>
        Assert.That(FaultsWith(query), Has.Some.Contains(named));

    [Test]
    public void Would_take_a_further_script_that_is_right() => Assert.That(FaultsWith("SELECT s.site_id FROM site s"), Is.Empty);

    private static IReadOnlyList<string> FaultsWith(string query) =>
        TransactSql.Model([.. AllScripts, new EmbeddedScript("db/views/metric/made_up.sql", "CREATE VIEW made_up AS\n" + query)]).Faults;
}
