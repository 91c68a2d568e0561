using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using Registry.Api.Access;
using Registry.Api.Audit;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Summaries;
using Registry.Domain.Common;

namespace Registry.Api.Cohorts.Export;

/// <summary>The form of an export.</summary>
internal enum ExportFormat
{
    /// <summary>CSV (RFC 4180), for R, Python, SPSS and spreadsheets.</summary>
    Csv,

    /// <summary>JSON, one row a line.</summary>
    Ndjson,

    /// <summary>One Apache Parquet file, with types.</summary>
    Parquet,

    /// <summary>A Frictionless data package: the rows as CSV, the codebook, the citation, and how to read them in R and Python.</summary>
    Zip,
}

/// <summary>What a row of an export stands for.</summary>
internal enum ExportShape
{
    /// <summary>One row a case.</summary>
    Wide,

    /// <summary>One row a case and timepoint.</summary>
    Long,
}

/// <summary>A whole cohort, streamed: some cases at a time are read and written, however many there are.</summary>
internal static class ExportEndpoint
{
    /// <summary>The trailer, after the last row, that says how many rows there were.</summary>
    public const string RowCount = "X-Row-Count";

    /// <summary>The header that says how many cases the cohort holds.</summary>
    public const string CaseCount = "X-Case-Count";

    private const int CasesAtOnce = 1000;

    // A group of a Parquet file takes as long as ten of them are read.
    private const int MostAhead = 10;

    // A row of a case stands for no timepoint of it.
    private static readonly int[] Whole = [0];

    // Another build may write the same rows in another way.
    private static readonly string Build = typeof(ExportEndpoint).Module.ModuleVersionId.ToString("N");

    private static readonly QueryParameter Format =
        QueryParameter.Coded<ExportFormat>("format", "The form. 'csv' when left out.") with { IsRepeatable = false };

    private static readonly QueryParameter Shape = QueryParameter.Coded<ExportShape>(
        "shape", "wide: one row a case. long: one row a case and timepoint. 'wide' when left out.") with
    {
        IsRepeatable = false,
    };

    private static readonly QueryParameter Footer = new(
        "footer",
        "true, with format=csv: a last line '# rows: n' says how many rows there are, for readers that skip comments. Without it the "
            + "file holds rows only, as read.csv expects.")
    {
        Codes = ["true", "false"],
    };

    private static readonly QueryParameter After = new(
        "after", "Resumes an export that broke off: the value of 'case' in the last complete row. State the same 'asOf'.")
    {
        Form = ("^c[0-9a-f]{20}$", "a case as a row names it"),
    };

    public static void MapExport(this RouteGroupBuilder cohorts) =>
        cohorts.MapGet("/export", Get)
            .WithName("getCohortExport")
            .WithSummary("Export a cohort, whole")
            .WithDescription(
                "The rows of /cohorts/cases, or one row a case and timepoint, streamed in the order of the case. X-Case-Count says "
                + "beforehand how many cases the cohort holds. NDJSON ends in a line with the number of "
                + "rows, CSV does with footer=true, Parquet has it in its footer, a data package in datapackage.json; over HTTP/2 the "
                + "trailer X-Row-Count says it, too. What is recorded while an export runs may be in its later rows.")
            .Takes([Format, Shape, .. CohortFilter.Takes, CohortQuestion.FieldsParameter, CohortQuestion.CostsParameter, Footer, After])
            .Checks(FaultsOf)
            .LooksUp(FilterLookUp.ProblemWith)
            .GivesText("text/csv", "application/x-ndjson", "application/vnd.apache.parquet", "application/zip")
            .Refuses(Problems.UnknownInParameters)
            .WithMetadata(new GivesHeaders(CaseCount, "Trailer", "Content-Disposition"));

    private static IEnumerable<Fault> FaultsOf(IQueryCollection query)
    {
        if (query.ContainsKey(Footer.Name) && query.TryGetValue(Format.Name, out var format) && format != Code.Of(ExportFormat.Csv))
        {
            yield return new Fault(
                "/" + Footer.Name,
                "does-not-apply",
                $"The format '{format}' says how many rows there are by itself.",
                query[Footer.Name].ToString(),
                "only with format=csv");
        }

        var isLong = query[Shape.Name] == Code.Of(ExportShape.Long);
        if (isLong && query.ContainsKey(CohortQuestion.CostsParameter.Name))
        {
            yield return new Fault(
                "/" + CohortQuestion.CostsParameter.Name,
                "does-not-apply",
                "Costs are of a case, and not of a visit.",
                query[CohortQuestion.CostsParameter.Name].ToString(),
                "only with shape=wide");
        }

        foreach (var fault in isLong ? CohortQuestion.FaultsOf(query, VisitColumns.All) : CohortQuestion.FaultsOf(query))
        {
            yield return fault;
        }
    }

    private static async Task<Results<Export, Problem>> Get(
        HttpRequest request, IDatabase registry, Pseudonyms pseudonyms, AuditLog log, CancellationToken cancellation)
    {
        var (database, sites, cutOff, _) = CohortData.Of(request);
        var query = request.OwnQuery();
        var siteNames = await pseudonyms.SitesFor(request.HttpContext.User, cancellation);
        var (question, problem) = await CohortQuestion.Read(
            query,
            request.HttpContext.User,
            siteNames,
            await cutOff.Latest(cancellation),
            sites,
            await pseudonyms.Seal(cancellation),
            cancellation);
        if (question is null)
        {
            return problem!;
        }

        var name = await pseudonyms.Current(cancellation);
        if (query.TryGetValue(After.Name, out var last))
        {
            var found = await CohortReader.NumberOf(database, last.ToString(), name, cancellation);
            if (found is null)
            {
                return Problem.InvalidParameters([new Fault(
                    "/" + After.Name,
                    "not-a-cursor",
                    $"'{After.Name}' is '{last}'; there is no such case.",
                    last.ToString(),
                    After.Allowed)]);
            }

            question = question with { After = new CohortKey { Number = found.Value } };
        }

        var format = Code.Parse<ExportFormat>(query[Format.Name].ToString()) ?? ExportFormat.Csv;
        var shape = Code.Parse<ExportShape>(query[Shape.Name].ToString()) ?? ExportShape.Wide;
        var columns = shape == ExportShape.Wide ? question.Columns : CohortQuestion.Chosen(query, VisitColumns.All);
        var (version, cases) = await database.Read(
            async session => (
                (await DataVersions.Read(session)).Of(
                    DataVersions.NamesOf(CohortReader.Tables.Concat(question.Filter.Tables)), question.Filter.Sites),
                await CohortReader.Count(session, database.Engine, question.Filter)),
            cancellation);
        return new Export(
            database, registry, log, question, columns, shape, format, name, siteNames, request.HttpContext.User.SeesRecords(), cases,
            version, query);
    }

    /// <summary>An export, ready to be streamed.</summary>
    internal sealed record Export(
        IDatabase Database,
        IDatabase Registry,
        AuditLog Log,
        CohortQuestion Question,
        IReadOnlyList<Column> Columns,
        ExportShape Shape,
        ExportFormat Format,
        Func<string, string, string> Name,
        SiteNames SiteNames,
        bool WithDates,
        long Cases,
        long Version,
        IQueryCollection Query) : IResult
    {
        private string Filter { get; } = CohortFilter.EchoFilters(Query).ToJsonString();

        private string ETag
        {
            get
            {
                var masked = SiteNames.AreMasked ? " masked" : string.Empty;
                var dates = WithDates ? string.Empty : " without dates";
                var asked = $"{Build} {Question.Filter.Day.Iso()} {CohortFilter.Echo(Query).ToJsonString()}{masked}{dates}";
                var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(asked)).AsSpan(0, 12));
                return string.Create(CultureInfo.InvariantCulture, $"\"{Version}-{digest}\"");
            }
        }

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            if (EntityTags.Confirm(httpContext, ETag))
            {
                return;
            }

            response.ContentType = Format switch
            {
                ExportFormat.Csv => "text/csv; charset=utf-8; header=present",
                ExportFormat.Ndjson => "application/x-ndjson",
                ExportFormat.Parquet => "application/vnd.apache.parquet",
                _ => "application/zip",
            };
            response.Headers.ContentDisposition = $"attachment; filename=\"cohort-{Question.Filter.Day.Iso()}.{Code.Of(Format)}\"";
            response.Headers[CaseCount] = Cases.ToString(CultureInfo.InvariantCulture);
            var trailers = httpContext.Features.Get<IHttpResponseTrailersFeature>();
            if (trailers is not null)
            {
                response.DeclareTrailer(RowCount);
            }

            if (WebServer.IsHead(httpContext))
            {
                return;
            }

            await Tell(Sender.Of(httpContext.Request), httpContext.RequestAborted);
            var rows = Format == ExportFormat.Zip
                ? await Package(response.Body, httpContext.RequestAborted)
                : await Write(response.Body, httpContext.RequestAborted);
            if (trailers is not null)
            {
                response.AppendTrailer(RowCount, rows.ToString(CultureInfo.InvariantCulture));
            }
        }

        // Before anything leaves: whether all of it arrives, nobody here can tell.
        private Task<bool> Tell(Sender by, CancellationToken cancellation)
        {
            var detail = new JsonObject
            {
                ["asOf"] = Question.Filter.Day.Iso(),
                ["shape"] = Code.Of(Shape),
                ["cases"] = Cases,
                ["dataVersion"] = Version,
                ["filter"] = CohortFilter.Echo(Question.Codes),
            };
            return Registry.Write(
                [AuditLog.Chain],
                async session =>
                {
                    await Log.Append(
                        session,
                        new AuditEntry(AuditActions.Export, string.Empty, Code.Of(Format), by, Detail: detail.ToJsonString(Json.Options)));
                    return true;
                },
                cancellation);
        }

        private async Task<long> Write(Stream body, CancellationToken cancellation)
        {
            await using IRowWriter writer = Format switch
            {
                ExportFormat.Ndjson => new NdjsonWriter(body, Columns),
                ExportFormat.Parquet => new ParquetFile(body, Columns, new() { ["asOf"] = Question.Filter.Day.Iso(), ["filter"] = Filter }),
                _ => new CsvWriter(body, Columns, Query[Footer.Name] == "true"),
            };
            return await Rows(writer, cancellation);
        }

        private async Task<long> Package(Stream body, CancellationToken cancellation) =>
            await new DataPackage(Question, Columns, Shape, Cases, Version, Filter).Write(
                body, data => Rows(new CsvWriter(data, Columns), cancellation), cancellation);

        private async Task<long> Rows(IRowWriter writer, CancellationToken cancellation)
        {
            var rows = 0L;
            await foreach (var cases in Read(cancellation).Ahead(MostAhead, cancellation))
            {
                foreach (var one in cases)
                {
                    foreach (var timepoint in Shape == ExportShape.Wide ? Whole : VisitColumns.TimepointsOf(one))
                    {
                        await writer.Write(one, timepoint);
                        rows++;
                    }
                }

                await writer.Flush(cancellation);
            }

            await writer.Complete(rows, cancellation);
            return rows;
        }

        // Some at a time, in the order of the cohort.
        private async IAsyncEnumerable<IReadOnlyList<CohortRow>> Read([EnumeratorCancellation] CancellationToken cancellation)
        {
            for (var (after, isLast) = (Question.After, false); !isLast;)
            {
                var (keys, cases) = await Database.Read(
                    async session =>
                    {
                        var next = await CohortReader.Keys(session, Database.Engine, Question.Filter, Question.Sort, after, CasesAtOnce);
                        return (next, await CohortReader.Rows(
                            session, [.. next.Select(key => key.Number)], Question.Filter.Day, Question.Costs, Name, SiteNames));
                    },
                    cancellation);
                yield return cases;
                (after, isLast) = (keys is [.., var last] ? last : after, keys.Count < CasesAtOnce);
            }
        }
    }
}
