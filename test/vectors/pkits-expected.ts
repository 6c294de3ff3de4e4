// The expected result of every test of NIST PKITS, by the numbers of its document: what the document demands, and the
// failure by which it is refused here.

/** A test that the document calls valid or invalid, and that is refused here whatever it is, with the reason. */
export interface OutOfScope {
	suite: "valid" | "invalid";
	failure: string;
	reason: string;
}

function outOfScope(reason: string, suite: "valid" | "invalid", failure: string): OutOfScope {
	return { suite, failure, reason };
}

const dsa = "DSA isn't supported: no suite of TLS 1.2 or 1.3 here takes it";
const signer = "the CRL is signed by a key that isn't on the certificate's path: certificates for CRLs only aren't looked for";
const indirect = "indirect CRLs are refused: nobody on the path vouches for their issuer";

/**
 * "ok" or the failure's name, for each of the test's settings: RFC 5280 6.1.1's explicit policy, no mapping, no anyPolicy, and
 * numbers for the acceptable policies (NIST-test-policy-1 and so on).
 */
export const expected: Record<string, string[] | OutOfScope> = {
	// 4.1 Signature verification
	"4.1.1 ValidCertificatePathTest1": ["ok", "explicit: ok", "explicit 1: ok", "explicit 2: CERTIFICATE_POLICY_REFUSED", "explicit 1 2: ok"],
	"4.1.2 InvalidCASignatureTest2": ["CERTIFICATE_ISSUER_UNKNOWN"],
	"4.1.3 InvalidEESignatureTest3": ["CERTIFICATE_SIGNATURE_WRONG"],
	"4.1.4 ValidDSASignaturesTest4": outOfScope(dsa, "valid", "CERTIFICATE_KEY_TYPE_REFUSED"),
	"4.1.5 ValidDSAParameterInheritanceTest5": outOfScope(dsa, "valid", "CERTIFICATE_KEY_TYPE_REFUSED"),
	"4.1.6 InvalidDSASignatureTest6": outOfScope(dsa, "invalid", "CERTIFICATE_MALFORMED"),

	// 4.2 Validity periods
	"4.2.1 InvalidCAnotBeforeDateTest1": ["CERTIFICATE_NOT_YET_VALID"],
	"4.2.2 InvalidEEnotBeforeDateTest2": ["CERTIFICATE_NOT_YET_VALID"],
	"4.2.3 Validpre2000UTCnotBeforeDateTest3": ["ok"],
	"4.2.4 ValidGeneralizedTimenotBeforeDateTest4": ["ok"],
	"4.2.5 InvalidCAnotAfterDateTest5": ["CERTIFICATE_EXPIRED"],
	"4.2.6 InvalidEEnotAfterDateTest6": ["CERTIFICATE_EXPIRED"],
	"4.2.7 Invalidpre2000UTCEEnotAfterDateTest7": ["CERTIFICATE_EXPIRED"],
	"4.2.8 ValidGeneralizedTimenotAfterDateTest8": ["ok"],

	// 4.3 Name chaining
	"4.3.1 InvalidNameChainingTest1": ["CERTIFICATE_ISSUER_UNKNOWN"],
	"4.3.2 InvalidNameChainingOrderTest2": ["CERTIFICATE_ISSUER_UNKNOWN"],
	"4.3.3 ValidNameChainingWhitespaceTest3": ["ok"],
	"4.3.4 ValidNameChainingWhitespaceTest4": ["ok"],
	"4.3.5 ValidNameChainingCapitalizationTest5": ["ok"],
	"4.3.6 ValidNameUIDsTest6": ["ok"],
	"4.3.7 ValidRFC3280MandatoryAttributeTypesTest7": ["ok"],
	"4.3.8 ValidRFC3280OptionalAttributeTypesTest8": ["ok"],
	"4.3.9 ValidUTF8StringEncodedNamesTest9": ["ok"],
	"4.3.10 ValidRolloverfromPrintableStringtoUTF8StringTest10": ["ok"],
	"4.3.11 ValidUTF8StringCaseInsensitiveMatchTest11": ["ok"],

	// 4.4 Basic certificate revocation
	"4.4.1 InvalidMissingCRLTest1": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.4.2 InvalidRevokedCATest2": ["CERTIFICATE_REVOKED"],
	"4.4.3 InvalidRevokedEETest3": ["CERTIFICATE_REVOKED"],
	"4.4.4 InvalidBadCRLSignatureTest4": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.4.5 InvalidBadCRLIssuerNameTest5": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.4.6 InvalidWrongCRLTest6": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.4.7 ValidTwoCRLsTest7": ["ok"],
	"4.4.8 InvalidUnknownCRLEntryExtensionTest8": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.4.9 InvalidUnknownCRLExtensionTest9": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.4.10 InvalidUnknownCRLExtensionTest10": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.4.11 InvalidOldCRLnextUpdateTest11": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.4.12 Invalidpre2000CRLnextUpdateTest12": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.4.13 ValidGeneralizedTimeCRLnextUpdateTest13": ["ok"],
	"4.4.14 ValidNegativeSerialNumberTest14": ["ok"],
	"4.4.15 InvalidNegativeSerialNumberTest15": ["CERTIFICATE_MALFORMED"],
	"4.4.16 ValidLongSerialNumberTest16": ["ok"],
	"4.4.17 ValidLongSerialNumberTest17": ["ok"],
	"4.4.18 InvalidLongSerialNumberTest18": ["CERTIFICATE_REVOKED"],
	"4.4.19 ValidSeparateCertificateandCRLKeysTest19": outOfScope(signer, "valid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.4.20 InvalidSeparateCertificateandCRLKeysTest20": outOfScope(signer, "invalid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.4.21 InvalidSeparateCertificateandCRLKeysTest21": outOfScope(signer, "invalid", "CERTIFICATE_REVOCATION_UNKNOWN"),

	// 4.5 Self-issued certificates
	"4.5.1 ValidBasicSelfIssuedOldWithNewTest1": ["ok"],
	"4.5.2 InvalidBasicSelfIssuedOldWithNewTest2": ["CERTIFICATE_REVOKED"],
	"4.5.3 ValidBasicSelfIssuedNewWithOldTest3": ["ok"],
	"4.5.4 ValidBasicSelfIssuedNewWithOldTest4": outOfScope(signer, "valid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.5.5 InvalidBasicSelfIssuedNewWithOldTest5": outOfScope(signer, "invalid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.5.6 ValidBasicSelfIssuedCRLSigningKeyTest6": outOfScope(signer, "valid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.5.7 InvalidBasicSelfIssuedCRLSigningKeyTest7": outOfScope(signer, "invalid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.5.8 InvalidBasicSelfIssuedCRLSigningKeyTest8": ["CERTIFICATE_NOT_AUTHORITY"],

	// 4.6 Basic constraints
	"4.6.1 InvalidMissingbasicConstraintsTest1": ["CERTIFICATE_FORM_REFUSED"],
	"4.6.2 InvalidcAFalseTest2": ["CERTIFICATE_FORM_REFUSED"],
	"4.6.3 InvalidcAFalseTest3": ["CERTIFICATE_FORM_REFUSED"],
	"4.6.4 ValidbasicConstraintsNotCriticalTest4": ["ok"],
	"4.6.5 InvalidpathLenConstraintTest5": ["CERTIFICATE_PATH_TOO_LONG"],
	"4.6.6 InvalidpathLenConstraintTest6": ["CERTIFICATE_PATH_TOO_LONG"],
	"4.6.7 ValidpathLenConstraintTest7": ["ok"],
	"4.6.8 ValidpathLenConstraintTest8": ["ok"],
	"4.6.9 InvalidpathLenConstraintTest9": ["CERTIFICATE_PATH_TOO_LONG"],
	"4.6.10 InvalidpathLenConstraintTest10": ["CERTIFICATE_PATH_TOO_LONG"],
	"4.6.11 InvalidpathLenConstraintTest11": ["CERTIFICATE_PATH_TOO_LONG"],
	"4.6.12 InvalidpathLenConstraintTest12": ["CERTIFICATE_PATH_TOO_LONG"],
	"4.6.13 ValidpathLenConstraintTest13": ["ok"],
	"4.6.14 ValidpathLenConstraintTest14": ["ok"],
	"4.6.15 ValidSelfIssuedpathLenConstraintTest15": ["ok"],
	"4.6.16 InvalidSelfIssuedpathLenConstraintTest16": ["CERTIFICATE_PATH_TOO_LONG"],
	"4.6.17 ValidSelfIssuedpathLenConstraintTest17": ["ok"],

	// 4.7 Key usage
	"4.7.1 InvalidkeyUsageCriticalkeyCertSignFalseTest1": ["CERTIFICATE_NOT_SIGNER"],
	"4.7.2 InvalidkeyUsageNotCriticalkeyCertSignFalseTest2": ["CERTIFICATE_NOT_SIGNER"],
	"4.7.3 ValidkeyUsageNotCriticalTest3": ["ok"],
	"4.7.4 InvalidkeyUsageCriticalcRLSignFalseTest4": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.7.5 InvalidkeyUsageNotCriticalcRLSignFalseTest5": ["CERTIFICATE_REVOCATION_UNKNOWN"],

	// 4.8 Certificate policies (4.8.1 is verified with 4.1.1, whose certificate it shares)
	"4.8.2 AllCertificatesNoPoliciesTest2": ["ok", "explicit: CERTIFICATE_POLICY_REFUSED"],
	"4.8.3 DifferentPoliciesTest3": ["ok", "explicit: CERTIFICATE_POLICY_REFUSED", "explicit 1 2: CERTIFICATE_POLICY_REFUSED"],
	"4.8.4 DifferentPoliciesTest4": ["CERTIFICATE_POLICY_REFUSED"],
	"4.8.5 DifferentPoliciesTest5": ["CERTIFICATE_POLICY_REFUSED"],
	"4.8.6 OverlappingPoliciesTest6": ["ok", "1: ok", "2: CERTIFICATE_POLICY_REFUSED"],
	"4.8.7 DifferentPoliciesTest7": ["CERTIFICATE_POLICY_REFUSED"],
	"4.8.8 DifferentPoliciesTest8": ["CERTIFICATE_POLICY_REFUSED"],
	"4.8.9 DifferentPoliciesTest9": ["CERTIFICATE_POLICY_REFUSED"],
	"4.8.10 AllCertificatesSamePoliciesTest10": ["ok", "1: ok", "2: ok"],
	"4.8.11 AllCertificatesanyPolicyTest11": ["ok", "1: ok"],
	"4.8.12 DifferentPoliciesTest12": ["CERTIFICATE_POLICY_REFUSED"],
	"4.8.13 AllCertificatesSamePoliciesTest13": ["1: ok", "2: ok", "3: ok"],
	"4.8.14 AnyPolicyTest14": ["1: ok", "2: CERTIFICATE_POLICY_REFUSED"],
	"4.8.15 UserNoticeQualifierTest15": ["ok"],
	"4.8.16 UserNoticeQualifierTest16": ["ok"],
	"4.8.17 UserNoticeQualifierTest17": ["ok"],
	"4.8.18 UserNoticeQualifierTest18": ["1: ok", "2: ok"],
	"4.8.19 UserNoticeQualifierTest19": ["ok"],
	"4.8.20 CPSPointerQualifierTest20": ["explicit 1: ok"],

	// 4.9 Require explicit policy
	"4.9.1 ValidrequireExplicitPolicyTest1": ["ok"],
	"4.9.2 ValidrequireExplicitPolicyTest2": ["ok"],
	"4.9.3 InvalidrequireExplicitPolicyTest3": ["CERTIFICATE_POLICY_REFUSED"],
	"4.9.4 ValidrequireExplicitPolicyTest4": ["ok"],
	"4.9.5 InvalidrequireExplicitPolicyTest5": ["CERTIFICATE_POLICY_REFUSED"],
	"4.9.6 ValidSelfIssuedrequireExplicitPolicyTest6": ["ok"],
	"4.9.7 InvalidSelfIssuedrequireExplicitPolicyTest7": ["CERTIFICATE_POLICY_REFUSED"],
	"4.9.8 InvalidSelfIssuedrequireExplicitPolicyTest8": ["CERTIFICATE_POLICY_REFUSED"],

	// 4.10 Policy mappings
	"4.10.1 ValidPolicyMappingTest1": ["1: ok", "2: CERTIFICATE_POLICY_REFUSED", "nomapping: CERTIFICATE_POLICY_REFUSED"],
	"4.10.2 InvalidPolicyMappingTest2": ["CERTIFICATE_POLICY_REFUSED", "nomapping: CERTIFICATE_POLICY_REFUSED"],
	"4.10.3 ValidPolicyMappingTest3": ["1: CERTIFICATE_POLICY_REFUSED", "2: ok"],
	"4.10.4 InvalidPolicyMappingTest4": ["CERTIFICATE_POLICY_REFUSED"],
	"4.10.5 ValidPolicyMappingTest5": ["1: ok", "6: CERTIFICATE_POLICY_REFUSED"],
	"4.10.6 ValidPolicyMappingTest6": ["1: ok", "6: CERTIFICATE_POLICY_REFUSED"],
	"4.10.7 InvalidMappingFromanyPolicyTest7": ["CERTIFICATE_POLICY_REFUSED"],
	"4.10.8 InvalidMappingToanyPolicyTest8": ["CERTIFICATE_POLICY_REFUSED"],
	"4.10.9 ValidPolicyMappingTest9": ["ok"],
	"4.10.10 InvalidPolicyMappingTest10": ["CERTIFICATE_POLICY_REFUSED"],
	"4.10.11 ValidPolicyMappingTest11": ["ok"],
	"4.10.12 ValidPolicyMappingTest12": ["1: ok", "2: ok"],
	"4.10.13 ValidPolicyMappingTest13": ["ok", "1 2: ok", "2: CERTIFICATE_POLICY_REFUSED"],
	"4.10.14 ValidPolicyMappingTest14": ["ok"],

	// 4.11 Inhibit policy mapping
	"4.11.1 InvalidinhibitPolicyMappingTest1": ["CERTIFICATE_POLICY_REFUSED"],
	"4.11.2 ValidinhibitPolicyMappingTest2": ["ok"],
	"4.11.3 InvalidinhibitPolicyMappingTest3": ["CERTIFICATE_POLICY_REFUSED"],
	"4.11.4 ValidinhibitPolicyMappingTest4": ["ok"],
	"4.11.5 InvalidinhibitPolicyMappingTest5": ["CERTIFICATE_POLICY_REFUSED"],
	"4.11.6 InvalidinhibitPolicyMappingTest6": ["CERTIFICATE_POLICY_REFUSED"],
	"4.11.7 ValidSelfIssuedinhibitPolicyMappingTest7": ["ok"],
	"4.11.8 InvalidSelfIssuedinhibitPolicyMappingTest8": ["CERTIFICATE_POLICY_REFUSED"],
	"4.11.9 InvalidSelfIssuedinhibitPolicyMappingTest9": ["CERTIFICATE_POLICY_REFUSED"],
	"4.11.10 InvalidSelfIssuedinhibitPolicyMappingTest10": ["CERTIFICATE_POLICY_REFUSED"],
	"4.11.11 InvalidSelfIssuedinhibitPolicyMappingTest11": ["CERTIFICATE_POLICY_REFUSED"],

	// 4.12 Inhibit any policy
	"4.12.1 InvalidinhibitAnyPolicyTest1": ["CERTIFICATE_POLICY_REFUSED"],
	"4.12.2 ValidinhibitAnyPolicyTest2": ["ok"],
	"4.12.3 inhibitAnyPolicyTest3": ["ok", "noany: CERTIFICATE_POLICY_REFUSED"],
	"4.12.4 InvalidinhibitAnyPolicyTest4": ["CERTIFICATE_POLICY_REFUSED"],
	"4.12.5 InvalidinhibitAnyPolicyTest5": ["CERTIFICATE_POLICY_REFUSED"],
	"4.12.6 InvalidinhibitAnyPolicyTest6": ["CERTIFICATE_POLICY_REFUSED"],
	"4.12.7 ValidSelfIssuedinhibitAnyPolicyTest7": ["ok"],
	"4.12.8 InvalidSelfIssuedinhibitAnyPolicyTest8": ["CERTIFICATE_POLICY_REFUSED"],
	"4.12.9 ValidSelfIssuedinhibitAnyPolicyTest9": ["ok"],
	"4.12.10 InvalidSelfIssuedinhibitAnyPolicyTest10": ["CERTIFICATE_POLICY_REFUSED"],

	// 4.13 Name constraints
	"4.13.1 ValidDNnameConstraintsTest1": ["ok"],
	"4.13.2 InvalidDNnameConstraintsTest2": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.3 InvalidDNnameConstraintsTest3": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.4 ValidDNnameConstraintsTest4": ["ok"],
	"4.13.5 ValidDNnameConstraintsTest5": ["ok"],
	"4.13.6 ValidDNnameConstraintsTest6": ["ok"],
	"4.13.7 InvalidDNnameConstraintsTest7": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.8 InvalidDNnameConstraintsTest8": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.9 InvalidDNnameConstraintsTest9": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.10 InvalidDNnameConstraintsTest10": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.11 ValidDNnameConstraintsTest11": ["ok"],
	"4.13.12 InvalidDNnameConstraintsTest12": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.13 InvalidDNnameConstraintsTest13": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.14 ValidDNnameConstraintsTest14": ["ok"],
	"4.13.15 InvalidDNnameConstraintsTest15": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.16 InvalidDNnameConstraintsTest16": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.17 InvalidDNnameConstraintsTest17": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.18 ValidDNnameConstraintsTest18": ["ok"],
	"4.13.19 ValidDNnameConstraintsTest19": ["ok"],
	"4.13.20 InvalidDNnameConstraintsTest20": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.21 ValidRFC822nameConstraintsTest21": ["ok"],
	"4.13.22 InvalidRFC822nameConstraintsTest22": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.23 ValidRFC822nameConstraintsTest23": ["ok"],
	"4.13.24 InvalidRFC822nameConstraintsTest24": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.25 ValidRFC822nameConstraintsTest25": ["ok"],
	"4.13.26 InvalidRFC822nameConstraintsTest26": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.27 ValidDNandRFC822nameConstraintsTest27": ["ok"],
	"4.13.28 InvalidDNandRFC822nameConstraintsTest28": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.29 InvalidDNandRFC822nameConstraintsTest29": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.30 ValidDNSnameConstraintsTest30": ["ok"],
	"4.13.31 InvalidDNSnameConstraintsTest31": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.32 ValidDNSnameConstraintsTest32": ["ok"],
	"4.13.33 InvalidDNSnameConstraintsTest33": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.34 ValidURInameConstraintsTest34": ["ok"],
	"4.13.35 InvalidURInameConstraintsTest35": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.36 ValidURInameConstraintsTest36": ["ok"],
	"4.13.37 InvalidURInameConstraintsTest37": ["CERTIFICATE_NAME_NOT_PERMITTED"],
	"4.13.38 InvalidDNSnameConstraintsTest38": ["CERTIFICATE_NAME_NOT_PERMITTED"],

	// 4.14 Distribution points
	"4.14.1 ValiddistributionPointTest1": ["ok"],
	"4.14.2 InvaliddistributionPointTest2": ["CERTIFICATE_REVOKED"],
	"4.14.3 InvaliddistributionPointTest3": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.14.4 ValiddistributionPointTest4": ["ok"],
	"4.14.5 ValiddistributionPointTest5": ["ok"],
	"4.14.6 InvaliddistributionPointTest6": ["CERTIFICATE_REVOKED"],
	"4.14.7 ValiddistributionPointTest7": ["ok"],
	"4.14.8 InvaliddistributionPointTest8": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.14.9 InvaliddistributionPointTest9": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.14.10 ValidNoissuingDistributionPointTest10": ["ok"],
	"4.14.11 InvalidonlyContainsUserCertsTest11": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.14.12 InvalidonlyContainsCACertsTest12": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.14.13 ValidonlyContainsCACertsTest13": ["ok"],
	"4.14.14 InvalidonlyContainsAttributeCertsTest14": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.14.15 InvalidonlySomeReasonsTest15": ["CERTIFICATE_REVOKED"],
	"4.14.16 InvalidonlySomeReasonsTest16": ["CERTIFICATE_REVOKED"],
	"4.14.17 InvalidonlySomeReasonsTest17": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.14.18 ValidonlySomeReasonsTest18": ["ok"],
	"4.14.19 ValidonlySomeReasonsTest19": ["ok"],
	"4.14.20 InvalidonlySomeReasonsTest20": ["CERTIFICATE_REVOKED"],
	"4.14.21 InvalidonlySomeReasonsTest21": ["CERTIFICATE_REVOKED"],
	"4.14.22 ValidIDPwithindirectCRLTest22": outOfScope(indirect, "valid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.14.23 InvalidIDPwithindirectCRLTest23": outOfScope(indirect, "invalid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.14.24 ValidIDPwithindirectCRLTest24": outOfScope(indirect, "valid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.14.25 ValidIDPwithindirectCRLTest25": outOfScope(indirect, "valid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.14.26 InvalidIDPwithindirectCRLTest26": outOfScope(indirect, "invalid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.14.27 InvalidcRLIssuerTest27": outOfScope(indirect, "invalid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.14.28 ValidcRLIssuerTest28": outOfScope(indirect, "valid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.14.29 ValidcRLIssuerTest29": outOfScope(indirect, "valid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.14.30 ValidcRLIssuerTest30": outOfScope(indirect, "valid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.14.31 InvalidcRLIssuerTest31": outOfScope(indirect, "invalid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.14.32 InvalidcRLIssuerTest32": outOfScope(indirect, "invalid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.14.33 ValidcRLIssuerTest33": outOfScope(indirect, "valid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.14.34 InvalidcRLIssuerTest34": outOfScope(indirect, "invalid", "CERTIFICATE_REVOCATION_UNKNOWN"),
	"4.14.35 InvalidcRLIssuerTest35": outOfScope(indirect, "invalid", "CERTIFICATE_REVOCATION_UNKNOWN"),

	// 4.15 Delta CRLs
	"4.15.1 InvaliddeltaCRLIndicatorNoBaseTest1": ["CERTIFICATE_REVOCATION_UNKNOWN"],
	"4.15.2 ValiddeltaCRLTest2": ["ok"],
	"4.15.3 InvaliddeltaCRLTest3": ["CERTIFICATE_REVOKED"],
	"4.15.4 InvaliddeltaCRLTest4": ["CERTIFICATE_REVOKED"],
	"4.15.5 ValiddeltaCRLTest5": ["ok"],
	"4.15.6 InvaliddeltaCRLTest6": ["CERTIFICATE_REVOKED"],
	"4.15.7 ValiddeltaCRLTest7": ["ok"],
	"4.15.8 ValiddeltaCRLTest8": ["ok"],
	"4.15.9 InvaliddeltaCRLTest9": ["CERTIFICATE_REVOKED"],
	"4.15.10 InvaliddeltaCRLTest10": ["CERTIFICATE_REVOCATION_UNKNOWN"],

	// 4.16 Private certificate extensions
	"4.16.1 ValidUnknownNotCriticalCertificateExtensionTest1": ["ok"],
	"4.16.2 InvalidUnknownCriticalCertificateExtensionTest2": ["CERTIFICATE_CRITICAL_EXTENSION_UNKNOWN"],
};
