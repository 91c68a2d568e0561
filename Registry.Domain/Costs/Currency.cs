using System.Globalization;

namespace Registry.Domain.Costs;

/// <summary>
/// The currencies in which costs are stated: the national currencies of ISO 4217, those in use (list one) and those
/// withdrawn since 1980 (list three), without funds, metals and test codes. None has more than three decimals.
/// </summary>
public static class Currency
{
    /// <summary>The most decimals that any currency has. Amounts are stored as whole thousandths.</summary>
    public const int MaxDecimals = 3;

    // A code alone: legal tender in every year. With the first year, the last year, or both (inclusive): in these years.
    // The years of introduction stand where they are beyond doubt. A currency that could be paid with for part of a year,
    // beside its successor too, was legal tender in it. Sources: ISO 4217 lists one and three; Unicode CLDR, currency data.
    private const string WithoutDecimals =
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF "
        + "ADP..2002 BEF..2002 BYB1992..2000 BYR2000..2016 ESP..2002 GRD..2002 ITL..2002 LUF..2002 MGF..2004 PTE..2002 TPE..2002 TRL..2005";

    private const string WithTwoDecimals =
        "AED AFN2002.. ALL AMD1993.. ANG..2025 AOA1999.. ARS1992.. AUD AWG AZN2006.. BAM BBD BDT BGN1999..2026 BMD BND BOB1987.. BRL1994.. BSD BTN "
        + "BWP BYN2016.. BZD CAD CDF1998.. CHF CNY COP CRC CUP CVE CZK1993.. DKK DOP DZD EGP ERN1997.. ETB EUR1999.. FJD FKP GBP GEL1995.. "
        + "GHS2007.. "
        + "GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS1985.. INR IRR JMD KES KGS1993.. KHR KPW KYD KZT1993.. LAK LBP LKR LRD LSL MAD MDL1993.. "
        + "MGA MKD1992.. "
        + "MMK MNT MOP MRU2018.. MUR MVR MWK MXN1993.. MYR MZN2006.. NAD1993.. NGN NIO1990.. NOK NPR NZD PAB PEN1991.. PGK PHP PKR "
        + "PLN1995.. QAR "
        + "RON2005.. RSD RUB1998.. SAR SBD SCR SDG2007.. SEK SGD SHP SLE2022.. SOS SRD2004.. SSP2011.. STN2018.. SVC SYP SZL THB TJS2000.. "
        + "TMT2009.. "
        + "TOP TRY2005.. TTD TWD TZS UAH1996.. USD UYU1993.. UZS1994.. VED2021.. VES2018.. WST XCD XCG2025.. YER ZAR ZMW2013.. ZWG2024.. "
        + "AFA..2003 AOK..1991 AON1990..2000 AOR1995..2000 ARA1985..1992 ARP1983..1985 ATS..2002 AZM1992..2006 BAD1992..1998 BGL..1999 "
        + "BOP..1987 BRB..1986 "
        + "BRC1986..1989 BRE1990..1993 BRN1989..1990 BRR1993..1994 BUK..1990 CSD2002..2006 CSK..1993 CUC1994..2021 CYP..2008 DDM..1990 "
        + "DEM..2002 ECS..2000 "
        + "EEK1992..2011 FIM..2002 FRF..2002 GEK1993..1995 GHC..2007 GNS..1986 GQE..1986 GWP..1997 HRD1991..1994 HRK1994..2023 IEP..2002 "
        + "ILP..1980 "
        + "ILR1980..1985 ISJ..1981 LSM..1985 LTL1993..2015 LTT1992..1993 LVL1993..2014 LVR1992..1994 MLF..1984 MRO..2018 MTL..2008 "
        + "MTP..1983 MVQ..1981 "
        + "MXP..1993 MZE..1980 MZM1980..2006 NIC..1991 NLG..2002 PEI1985..1991 PES..1986 PLZ..1996 RHD..1981 ROL..2006 RUR1991..1998 "
        + "SDD1992..2007 SDP..1998 "
        + "SIT1991..2007 SKK1993..2009 SLL..2023 SRG..2004 STD..2018 SUR..1993 TJR1995..2001 TMM1993..2009 UAK1992..1996 UGS..1987 "
        + "UYP..1993 VEB..2008 "
        + "VEF2008..2018 YDD..1996 YUD..1990 YUM1994..2003 YUN1990..1995 ZMK..2013 ZRN1993..1999 ZRZ..1994 ZWD1980..2008 ZWL2009..2024 "
        + "ZWN2006..2008 ZWR2008..2009";

    private const string WithThreeDecimals = "BHD IQD JOD KWD LYD OMR TND";

    private static readonly Dictionary<string, (int Decimals, LegalTender Years)> ByCode =
        new[] { (WithoutDecimals, 0), (WithTwoDecimals, 2), (WithThreeDecimals, 3) }
            .SelectMany(group =>
                group.Item1.Split(' ').Select(entry => (Code: entry[..3], Decimals: group.Item2, Years: LegalTender.Of(entry[3..]))))
            .ToDictionary(currency => currency.Code, currency => (currency.Decimals, currency.Years));

    /// <summary>Every code there is.</summary>
    public static IReadOnlyCollection<string> Codes => ByCode.Keys;

    /// <summary>How many decimals an amount in this currency can have, or null for a code that is on neither list.</summary>
    public static int? Decimals(string code) => ByCode.TryGetValue(code, out var currency) ? currency.Decimals : null;

    /// <summary>The years in which the currency was legal tender, or null for a code that is on neither list.</summary>
    public static LegalTender? YearsOf(string code) => ByCode.TryGetValue(code, out var currency) ? currency.Years : null;
}

/// <summary>The calendar years in which a currency was legal tender, in all of the year or in part of it.</summary>
/// <param name="First">The first of these years, inclusive; null when it lies before every price year, or is in doubt.</param>
/// <param name="Last">The last of these years, inclusive; null while it is legal tender.</param>
public readonly record struct LegalTender(int? First, int? Last)
{
    /// <summary>Whether it was legal tender in a year.</summary>
    public bool Contains(int year) => !(year < First) && !(year > Last);

    /// <summary>The years in words, such as <c>from 1994 to 2023</c>.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(First is null ? string.Empty : $"from {First}")} "
                + $"{(Last is null ? string.Empty : $"{(First is null ? "up " : string.Empty)}to {Last}")}").Trim();

    // "", "1999..", "..2002", "1994..2023".
    internal static LegalTender Of(string years)
    {
        var ends = years.Split("..");
        return ends is [var first, var last] ? new LegalTender(Year(first), Year(last)) : new LegalTender(null, null);
    }

    private static int? Year(string text) => text.Length == 0 ? null : int.Parse(text, CultureInfo.InvariantCulture);
}
