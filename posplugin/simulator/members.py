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
    SalesOrderLinePostDto[]: SalesOrderLines
    OrderStatus: SalesOrderStatus
""")
"""SalesOrderCompletePostDto: type by member; all may be null."""

LINE_POST: Mapping[str, str] = _typed("""
    SalesOrderAccrualPostDto: Accrual
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

VOUCHER_POST: Mapping[str, str] = _typed("""
    string: CurrencyCode Description ExternalImportReference SaftBatchId SaftSourceId
    int64: ImportedVoucherNo
    day: VoucherDate
    VoucherLinePostDto[]: VoucherLines
""")
"""CashVoucherPostDto and ManualVoucherPostDto, which are the same: type by member."""

VOUCHER_LINE_POST: Mapping[str, str] = _typed("""
    int64: AccountId DepartmentId Dim1Id Dim2Id Dim3Id LocationId ProductId ProjectId
    number: CurrencyAmount CurrencyExchangeRate Quantity Quantity2
    string: CurrencyCode CustomMatchingReference Description ExternalLineReference
    day: PostingDate
    int32: VatId
    VatReturnSpecification: VatReturnSpecification
""")
"""CashVoucherLinePostDto and ManualVoucherLinePostDto: type by member."""

DRAFT_POST: Mapping[str, str] = _typed("""
    string: Comment CurrencyCode Description
    int64: DepartmentId Dim1Id Dim2Id Dim3Id LocationId ProjectId
    day: VoucherDate
    ManualJournalEntryVoucherLinePostDto[]: ManualVoucherLines
    anything: VoucherLines
""")
"""ManualJournalEntryVoucherPostDto: type by member, and VoucherLines, which Go overlooks there (FACTS 5)."""

DRAFT_LINE_POST: Mapping[str, str] = _typed("""
    SalesOrderAccrualPostDto: Accrual
    object: AgricultureDetails
    int64: CreditAccountId DebitAccountId DepartmentId Dim1Id Dim2Id Dim3Id LocationId ProductId ProjectId
    int32: CreditVatId DebitVatId
    number: CurrencyAmount CurrencyExchangeRate Quantity Quantity2
    string: CurrencyCode Description
    day: PostingDate
    VatReturnSpecification: CreditVatReturnSpecification DebitVatReturnSpecification
""")
"""ManualJournalEntryVoucherLinePostDto: type by member."""

ORDER_PATCH: Mapping[str, str] = {
    member: ORDER_POST[member]
    for member in _names("""
        BrandingThemeId ContactDeliveryAddressId ContractNo CurrencyCode CurrencyExchangeRate CustomMatchingReference
        CustomerId CustomerReference CustomerReferenceContactPersonId DeliveryDate DeliveryTermId DepartmentId Dim1Id
        Dim2Id Dim3Id LocationId PaymentTermId ProjectId PurchaseOrderReference RelatedInvoiceNo SalesOrderDate
        SalesOrderStatus SalesPersonEmployeeId
    """)
}
"""What a PATCH can set: the members of SalesOrderDto that are not read-only; type by member."""

SEND_POST: Mapping[str, str] = _typed("""
    SendInvoiceDeliveryType: DeliveryType
    string: EmailAddress
    date: OverrideDueDate VoucherDate
""")
"""SendInvoiceRequestPostDto: type by member; all may be null."""

PRODUCT_POST: Mapping[str, str] = _typed("""
    string: Code Description Gtin Name ProductGroupCode
    boolean: IsArchived IsStockItem
    int64: OptionalSalesAccount OptionalSalesAccountId ProductGroupId StandardSalesAccount StandardSalesAccountId
    AgricultureDepartment: OptionalSalesAccountAgricultureDepartment StandardSalesAccountAgricultureDepartment
    ProductType: ProductType
    number: StockOnHand UnitCost UnitPrice
    UnitOfMeasureType: UnitOfMeasureCode
""")
"""ProductPostDto: type by member; all but Name may be null."""

POSTED: Mapping[str, Mapping[str, str]] = {
    "SalesOrderPatchDto": ORDER_PATCH,
    "SendInvoiceRequestPostDto": SEND_POST,
    "ProductPostDto": PRODUCT_POST,
    "SalesOrderCompletePostDto": ORDER_POST,
    "SalesOrderLinePostDto": LINE_POST,
    "SalesOrderAccrualPostDto": ACCRUAL_POST,
    "VoucherPostDto": VOUCHER_POST,
    "VoucherLinePostDto": VOUCHER_LINE_POST,
    "ManualJournalEntryVoucherPostDto": DRAFT_POST,
    "ManualJournalEntryVoucherLinePostDto": DRAFT_LINE_POST,
}
"""What can be posted, by schema. A member's type may be another of these, or one with [] for an array of it."""

ENUMS: Mapping[str, frozenset[str]] = {
    name: frozenset(values.split())
    for name, values in {
        "OrderStatus": "Draft Confirmed",
        "ProductType": "Product Service",
        "SendInvoiceDeliveryType": "PdfByEmail PdfPrintForDownload Auto",
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

SENT_STATE = _names("""
    Id InvoiceNo SentDateTimeOffset DueDate InvoiceDeliveryType IsInvoiceBeingProcessed LastErrorMessage
""")
ATTACHMENT = _names("Id SalesOrderId FileName FileSize CreatedDateTimeOffset LastChangedDateTimeOffset")
EMPLOYEE = _names("""
    Id Number FirstName LastName EmailAddress PhoneNumber JobTitle IsArchived ContactCreatedDateTimeOffset
    ContactGroupIds CreatedFromImportJournalId DateOfBirth DepartmentCode DepartmentId EmployeeCreatedDateTimeOffset
    EndDate ExpenseBankAccountId ExternalImportReference ExternalNumber Gender HiredDate
    InternationalIdCountryCode InternationalIdNumber InternationalIdReportToAltinn InternationalIdType
    LastChangedDateTimeOffset LocationCode LocationId MailAddress ManagerEmployeeId ManagerEmployeeNo
    NationalIdNumber SalaryBankAccountId StartDate SubledgerAccountId TravelExpenseBankAccountId
""")

VOUCHER = (
    *("Id", "VoucherNo", "CreatedDateTimeOffset", "IsReversed"),
    *VOUCHER_POST,
)
VOUCHER_LINE = ("Id", "CreatedDateTimeOffset", *VOUCHER_LINE_POST)
DRAFT = ("Id", "Pages", *(member for member in DRAFT_POST if member not in ("Comment", "VoucherLines")))
DRAFT_LINE = (
    *("Id", "CreatedDateTimeOffset", "LastChangedDateTimeOffset"),
    *("CreditAccountAgricultureDepartment", "DebitAccountAgricultureDepartment"),
    *DRAFT_LINE_POST,
)
DRAFT_ITEM = _names("""
    Id VoucherType IsPosted InApprovalWorkflow IsCreatedByCurrentIntegration OriginatedFromEhf
    CreatedDateTimeOffset LastChangedDateTimeOffset
""")
TRANSACTION = _names("""
    Id AccountId AccountNo Amount VatCode VatId VatRate VatAmount CustomerAccountNo ContactId DepartmentCode
    DepartmentId Description PostingDate VoucherId VoucherNo VoucherType VoucherDate VoucherDescription
    ExternalImportReference ImportedVoucherNo IsReversed ReversedVoucherId ReversedVoucherNo
    CreatedDateTimeOffset LastChangedDateTimeOffset CurrencyAmount CurrencyCode ProductCode ProductId Quantity
    Quantity2 SubLedgerEntryId IsNoteMainEntry AgricultureDepartment BankTransferId CorrectionOfVoucherId
    CorrectionOfVoucherNo CreatedFromImportJournalId Dim1Code Dim1Id Dim2Code Dim2Id Dim3Code Dim3Id
    EmployeeAccountNo LocationCode LocationId ProjectCode ProjectId SupplierAccountNo VatReturnSpecification
""")
LEDGER_ENTRY = _names("""
    Id CustomerAccountNo CustomerExternalNo CustomerId CustomerName Amount Balance MatchId InvoiceNo PostingDate
    DueDate VoucherDate VoucherId VoucherNo VoucherType ExternalImportReference CustomMatchingReference
    CreatedDateTimeOffset LastChangedDateTimeOffset CurrencyAmount CurrencyCode DepartmentCode DepartmentId
    IsCreatedByCurrentIntegration IsWriteOff Cid CreatedFromImportJournalId Dim1Code Dim1Id Dim2Code Dim2Id
    Dim3Code Dim3Id LocationCode LocationId PaidFromBankAccount ProjectCode ProjectId
""")


def record(members: tuple[str, ...], values: Mapping[str, object]) -> dict[str, object]:
    """Return an object with all its members: those in `values`, and null for the rest."""
    assert values.keys() <= set(members), values.keys() - set(members)
    return {member: values.get(member) for member in members}
