namespace Registry.Api.Access;

/// <summary>What a caller may do.</summary>
internal enum Role
{
    /// <summary>Reads and writes the records of one site, and reads summaries of that site. No other site exists for it.</summary>
    Site,

    /// <summary>Reads cohorts, row by row under pseudonyms, and summaries. Never a record.</summary>
    Research,

    /// <summary>Reads summaries.</summary>
    Dashboard,

    /// <summary>Everything: all sites, and the keys.</summary>
    Admin,
}
