"""The members of Go's objects, as the OpenAPI description of v2 (April 2025) lists them."""

from __future__ import annotations

from collections.abc import Mapping


def _typed(table: str) -> dict[str, str]:
    """Read lines of "type: Member Member …" into type by member."""
    rows = (line.split(":") for line in table.strip().splitlines())
    return {member: kind.strip() for kind, members in rows for member in members.split()}


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ORDER_POST: Mapping[str, str] = _typed("""
    string: BrandingThemeCode ContractNo CurrencyCode CustomMatchingReference CustomerReference DeliveryTerm
    string: DepartmentCode Dim1Code Dim2Code Dim3Code ExternalImportReference LocationCode ProjectCode
    string: PurchaseOrderReference
    int64: BrandingThemeId ContactDeliveryAddressId CustomerId CustomerNo CustomerReferenceContactPersonId
    int64: DeliveryTermId DepartmentId Dim1Id Dim2Id Dim3Id ImportedOrderNo LocationId PaymentTermId
    int64: ProjectId RelatedInvoiceNo SalesPersonEmployeeId SalesPersonEmployeeNumber
    number: CurrencyExchangeRate
    date: DeliveryDate SalesOrderDate
    int32: PaymentTerm
    lines: SalesOrderLines
    OrderStatus: SalesOrderStatus
""")
"""SalesOrderCompletePostDto: type by member; all may be null."""

LINE_POST: Mapping[str, str] = _typed("""
    accrual: Accrual
    number: Allowance ProductUnitCost ProductUnitPrice Quantity
    string: DepartmentCode Description Dim1Code Dim2Code Dim3Code ExternalImportReference LocationCode
    string: ProductCode ProjectCode
    int64: DepartmentId Dim1Id Dim2Id Dim3Id LocationId ProductId ProjectId SellersReferenceEmployeeId
    int64: SellersReferenceEmployeeNo
    VoucherLineType: LineType
    int32: SortOrder
    UnitOfMeasureType: UnitOfMeasureCode
    boolean: UseStandardSalesAccount
    VatReturnSpecification: VatReturnSpecification
""")
"""SalesOrderLinePostDto: type by member; all may be null."""

ACCRUAL_POST: Mapping[str, str] = _typed("""
    AgricultureDepartment: BalanceAccountAgricultureDepartment ResultAccountAgricultureDepartment
    int64: BalanceAccountId BalanceAccountNo ResultAccountId ResultAccountNo
    date: FromDate ToDate
    boolean: IsActive
""")
"""SalesOrderAccrualPostDto: type by member."""

ENUMS: Mapping[str, frozenset[str]] = {
    name: frozenset(values.split())
    for name, values in {
        "OrderStatus": "Draft Confirmed",
        "ProductType": "Product Service",
        "VoucherLineType": "Normal Text Summary InvoiceFee TotalHours",
        "AgricultureDepartment": "None Finance Farming Forestry FurAnimals OtherIndustries Private",
        "VatReturnSpecification": "None Adjustment LossesOnClaims ReversalOfInputValueAddedTax Withdrawals"
        " AdjustmentVatCompensationRealProperty PurchasesEligibleForCompensation",
        "UnitOfMeasureType": "BX MTR KMT KGM EA LTR HUR DAY MTK MTQ TNE MON ANN QAN NL XRO XBA XPL XPC PR XCI"
        " XBG SET XTY XOF FTK KWH MWH LBR CMT DMT LM XPK GRM HGM XFL XBE E54 MMT DAA H18 MLT HLT DLT AK XCR"
        " E14 MJ J57 XJG XCT XSA XTU WEE XCA XCN NAR M4 XVQ P1 MFU KMK LM3 FOT FM3 E34 E35",
    }.items()
}
"""The names each enum knows."""

COMPLETE_ORDER: tuple[str, ...] = (
    "Id",
    "SalesOrderNo",
    *ORDER_POST,
    *_names("NetAmount TotalAmount LineCount IsCreatedByCurrentIntegration"),
    *_names("CreatedDateTimeOffset LastChangedDateTimeOffset"),
)
ORDER = tuple(member for member in COMPLETE_ORDER if member != "SalesOrderLines")
LINE = (
    "Id",
    "SalesOrderId",
    *LINE_POST,
    *_names("NetAmount VatAmount TotalAmount VatId VatCode VatRate"),
)

CUSTOMER = _names("""
    Id Number Name LegalName FirstName LastName IsPerson IsActive IsArchived IsVatFree OrganizationNumber
    Allowance BillableRate ContactCreatedDateTimeOffset ContactGroupIds CreatedFromImportJournalId CurrencyCode
    CustomerCreatedDateTimeOffset CustomerSince DateOfBirth DeliveryTerm DeliveryTermId DepartmentCode
    DepartmentId DoNotAddLatePaymentFees DoNotAddLatePaymentInterest DoNotAutomatePaymentNotifications
    EmailAddress ExternalImportReference ExternalNumber InvoiceBrandingThemeCode InvoiceBrandingThemeId
    InvoiceDeliveryType InvoiceEmailAddress InvoiceEmailAddressCC LastChangedDateTimeOffset MailAddress
    NationalIdNumber NoticeOfDebtCollectionDeliveryType PaymentReminderEmailAddress PaymentTerm PaymentTermId
    PhoneNumber ReminderDeliveryType SalesPersonEmployeeId SalesPersonEmployeeNumber SendPaymentReminders
    SubledgerAccountId TransferToDebtCollectionAgency UseInvoiceFee WebsiteUrl
""")
PRODUCT = _names("""
    Id Code Name Description Gtin ProductType ProductGroupCode ProductGroupId UnitOfMeasureCode UnitPrice
    UnitCost IsArchived IsStockItem StandardSalesAccount StandardSalesAccountId
    StandardSalesAccountAgricultureDepartment OptionalSalesAccount OptionalSalesAccountId
    OptionalSalesAccountAgricultureDepartment StockAvailable StockOnHand StockOnHandLastChangedDatetimeOffset
    CreatedDateTimeOffset CreatedFromImportJournalId LastChangedDateTimeOffset
""")
DEPARTMENT = _names("""
    Id Code Name IsActive ManagerEmployeeId ManagerEmployeeNo CreatedDateTimeOffset
    CreatedFromImportJournalId LastChangedDateTimeOffset
""")
ACCOUNT = _names("""
    Id AccountNo Name GeneralLedgerAccountType VatCode VatCodeId IsVatCodeLocked IsActive DepartmentCode
    DepartmentId IsDepartmentRequired IsProjectRequired AgricultureDepartment CurrencyCode Unit1 Unit2
    VatReturnSpecification LastChangedDateTimeOffset
""")
VAT_CODE = _names("""
    Id Code Name Description Rate IsActive IsCustom ValidFrom ValidTo BaseVatCodeId VatBasisRatio
    VatBasisRatioValidFrom VatBasisRatios
""")
INVOICE = _names("""
    Id InvoiceNo VoucherNo VoucherType OrderNo VoucherDate DueDate OrderDate DeliveryDate NetAmount
    TotalAmount NetPostedAmount TotalPostedAmount Balance BalanceLastChangedDateTimeOffset BrandingThemeCode
    BrandingThemeId Cid ContractNo CreatedDateTimeOffset CurrencyCode CurrencyExchangeRate
    CustomMatchingReference CustomerId CustomerNo CustomerReference CustomerReferenceContactPersonId
    DeliveryAddress1 DeliveryAddress2 DeliveryAddressCity DeliveryAddressCountryCode DeliveryAddressZipCode
    DeliveryTerm DeliveryTermId DepartmentCode DepartmentId Dim1Code Dim1Id Dim2Code Dim2Id Dim3Code Dim3Id
    ExternalImportReference ImportedOrderNo InvoiceDeliveryType IsCreatedByCurrentIntegration IsReversed
    LastChangedDateTimeOffset LocationCode LocationId MatchId PaymentTerm PaymentTermId ProjectCode ProjectId
    PurchaseOrderReference RelatedInvoiceNo SellersReferenceEmployeeId SellersReferenceEmployeeNo
    SentDateTimeOffset
""")


def record(members: tuple[str, ...], values: Mapping[str, object]) -> dict[str, object]:
    """Return an object with all its members: those in `values`, and null for the rest."""
    assert values.keys() <= set(members), values.keys() - set(members)
    return {member: values.get(member) for member in members}
