namespace Registry.Api.Fhir;

/// <summary>Worked examples for the contract.</summary>
internal static class FhirExamples
{
    /// <summary>A pain score.</summary>
    public const string Observation =
        """
        {
          "resourceType": "Observation",
          "id": "reference.PHN--01--SCS.24m.nrs",
          "status": "final",
          "code": { "coding": [ { "system": "http://loinc.org", "code": "72514-3" } ] },
          "subject": { "identifier": { "system": "urn:registry:site:reference:patient", "value": "P-01" } },
          "partOf": [ { "identifier": { "system": "urn:registry:site:reference:case", "value": "PHN-01-SCS" } } ],
          "effectiveDateTime": "2023-04-01",
          "extension": [ { "url": "urn:registry:timepoint", "valueCode": "24m" } ],
          "valueInteger": 3
        }
        """;

    /// <summary>The items of the Pain Disability Index, one left unanswered.</summary>
    public const string Response =
        """
        {
          "resourceType": "QuestionnaireResponse",
          "id": "reference.PHN--01--SCS.6m.pdi",
          "status": "completed",
          "subject": { "identifier": { "system": "urn:registry:site:reference:patient", "value": "P-01" } },
          "partOf": [ { "identifier": { "system": "urn:registry:site:reference:case", "value": "PHN-01-SCS" } } ],
          "authored": "2021-10-01",
          "extension": [ { "url": "urn:registry:timepoint", "valueCode": "6m" } ],
          "item": [
            { "linkId": "pdi-family-home", "answer": [ { "valueInteger": 4 } ] },
            { "linkId": "pdi-recreation", "answer": [ { "valueInteger": 5 } ] },
            { "linkId": "pdi-social", "answer": [ { "valueInteger": 3 } ] },
            { "linkId": "pdi-occupation", "answer": [ { "valueInteger": 6 } ] },
            { "linkId": "pdi-sexual" },
            { "linkId": "pdi-self-care", "answer": [ { "valueInteger": 2 } ] },
            { "linkId": "pdi-life-support", "answer": [ { "valueInteger": 1 } ] }
          ]
        }
        """;

    /// <summary>A transaction of one score.</summary>
    public const string Bundle =
        $$"""
        {
          "resourceType": "Bundle",
          "type": "transaction",
          "entry": [ { "fullUrl": "urn:uuid:3d1a2f5e-6a1b-4c0e-9b9e-2f6f0f3f1a01", "resource": {{Observation}}, "request": { "method": "POST", "url": "Observation" } } ]
        }
        """;
}
