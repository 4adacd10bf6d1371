"""The lists the API has: what each holds, who may read it and how it can be filtered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from . import filters, members
from .filters import Filter


@dataclass(frozen=True)
class Listing:
    """A list; `ignored` are parameters which have nothing to filter in the simulated restaurant."""

    kind: str
    noun: str
    role: str
    members: tuple[str, ...]
    filters: Mapping[str, Filter]
    ignored: tuple[str, ...] = ()
    by_id: bool = False
    required: tuple[str, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)


def _none_left(_row: Mapping[str, object]) -> bool:
    return False


_PROJECTS = {"projectCodes": filters.codes("ProjectCode", none="-1")}
_LAST_CHANGED = {"lastChangedDateTimeOffsetGreaterThan": filters.newer("LastChangedDateTimeOffset")}
_CREATED = {"createdDateTimeOffsetGreaterThan": filters.newer("CreatedDateTimeOffset")}

LISTS: Mapping[str, Listing] = {
    "/v2/customers": Listing(
        "customer",
        "Customer",
        "Customer",
        members.CUSTOMER,
        {
            "customerNos": filters.numbers("Number"),
            "externalNos": filters.numbers("ExternalNumber"),
            "externalImportReference": filters.exact("ExternalImportReference"),
            "contactGroupIds": lambda _text, _: _none_left,
            "customerCreatedDateTimeOffsetGreaterThan": filters.newer("CustomerCreatedDateTimeOffset"),
            **_LAST_CHANGED,
        },
        by_id=True,
    ),
    "/v2/products": Listing(
        "product",
        "Product",
        "Product",
        members.PRODUCT,
        {
            "codes": filters.codes("Code"),
            "names": filters.codes("Name"),
            "productGroupCodes": filters.codes("ProductGroupCode"),
            "isArchived": filters.flag("IsArchived"),
            "type": filters.one_of("ProductType", members.ENUMS["ProductType"]),
            "stockOnHandLastChangedDatetimeOffsetGreaterThan": filters.newer("StockOnHandLastChangedDatetimeOffset"),
            **_CREATED,
            **_LAST_CHANGED,
        },
        by_id=True,
    ),
    "/v2/departments": Listing(
        "department",
        "Department",
        "Department",
        members.DEPARTMENT,
        {
            "codes": filters.codes("Code"),
            "name": filters.exact("Name"),
            "isActive": filters.flag("IsActive"),
            "managerEmployeeNo": filters.numbers("ManagerEmployeeNo"),
            "createdFromImportJournalId": filters.exact("CreatedFromImportJournalId"),
            **_CREATED,
            **_LAST_CHANGED,
        },
    ),
    "/v2/employees": Listing(
        "employee",
        "Employee",
        "Employee",
        members.EMPLOYEE,
        {
            "employeeNos": filters.numbers("Number"),
            "externalNos": filters.numbers("ExternalNumber"),
            "externalImportReference": filters.exact("ExternalImportReference"),
            "contactGroupIds": lambda _text, _: _none_left,
            "employeeCreatedDateTimeOffsetGreaterThan": filters.newer("EmployeeCreatedDateTimeOffset"),
            **_LAST_CHANGED,
        },
    ),
    "/v2/generalledgeraccounts": Listing(
        "account",
        "General ledger account",
        "GeneralLedgerAccount",
        members.ACCOUNT,
        {
            "accountNos": filters.numbers("AccountNo"),
            "agricultureDepartments": filters.codes("AgricultureDepartment"),
            **_LAST_CHANGED,
        },
    ),
    "/v2/vatcodes": Listing(
        "vat",
        "VAT code",
        "CommonServices",
        members.VAT_CODE,
        {"isActive": filters.flag("IsActive")},
        ignored=("includeExpired",),
    ),
    "/v2/salesorders": Listing(
        "order",
        "Sales order",
        "SalesOrders",
        members.ORDER,
        {
            "customerNos": filters.numbers("CustomerNo"),
            "departmentCodes": filters.codes("DepartmentCode", none="-1"),
            "orderStatus": filters.one_of("SalesOrderStatus", members.ENUMS["OrderStatus"]),
            "onlyCreatedByCurrentIntegration": filters.when_set(lambda row: bool(row["IsCreatedByCurrentIntegration"])),
            **_PROJECTS,
            **_LAST_CHANGED,
        },
        ignored=("includeSubProject", "showInherited"),
    ),
    "/v2/outgoinginvoices": Listing(
        "invoice",
        "Outgoing invoice",
        "OutgoingInvoice",
        members.INVOICE,
        {
            "invoiceIds": filters.codes("Id"),
            "invoiceNos": filters.numbers("InvoiceNo"),
            "voucherNos": filters.numbers("VoucherNo"),
            "customerNos": filters.numbers("CustomerNo"),
            "customMatchingReferences": filters.codes("CustomMatchingReference"),
            "departmentCodes": filters.codes("DepartmentCode", none="-1"),
            "fromDate": filters.not_before("VoucherDate"),
            "toDate": filters.not_after("VoucherDate"),
            "onlyCreatedByCurrentIntegration": filters.when_set(lambda row: bool(row["IsCreatedByCurrentIntegration"])),
            "onlyUnpaidInvoices": filters.when_set(lambda row: bool(row["Balance"])),
            "sentDateTimeOffsetGreaterThan": filters.newer("SentDateTimeOffset"),
            "balanceLastChangedDateTimeOffsetGreaterThan": filters.newer("BalanceLastChangedDateTimeOffset"),
            **_PROJECTS,
        },
        ignored=("includeSubProject",),
    ),
    "/v2/accounttransactions": Listing(
        "transaction",
        "Account transaction",
        "AccountTransaction",
        members.TRANSACTION,
        {
            "fromDate": filters.not_before("PostingDate"),
            "toDate": filters.not_after("PostingDate"),
            "accountNos": filters.numbers("AccountNo"),
            "voucherNos": filters.numbers("VoucherNo"),
            "voucherTypes": filters.codes("VoucherType"),
            "vatCodes": filters.codes("VatCode"),
            "productCodes": filters.codes("ProductCode", none="-1"),
            "departmentCodes": filters.codes("DepartmentCode", none="-1"),
            "agricultureDepartments": filters.codes("AgricultureDepartment"),
            **_PROJECTS,
            **_CREATED,
            **_LAST_CHANGED,
        },
        ignored=("includeSubProject",),
        required=("fromDate", "toDate"),
    ),
    "/v2/customerledger/openitems": Listing(
        "entry",
        "Customer ledger entry",
        "CustomerLedger",
        members.LEDGER_ENTRY,
        {
            "customerNos": filters.numbers("CustomerAccountNo"),
            "externalNos": filters.numbers("CustomerExternalNo"),
            "invoiceNos": filters.codes("InvoiceNo"),
            "customMatchingReferences": filters.codes("CustomMatchingReference"),
            "voucherTypes": filters.codes("VoucherType"),
            "departmentCodes": filters.codes("DepartmentCode", none="-1"),
            "contactGroupIds": lambda _text, _: _none_left,
            "onlyBalancesLessThanAmount": filters.when_set(lambda row: abs(row["Balance"]) < abs(row["Amount"])),
            "onlyCreatedByCurrentIntegration": filters.when_set(lambda row: bool(row["IsCreatedByCurrentIntegration"])),
            **_PROJECTS,
            **_CREATED,
            **_LAST_CHANGED,
        },
        ignored=("date", "includeSubProject", "subLedgerNumberSeriesIds"),
        required=("date",),
    ),
    "/v2/journalentryvouchers": Listing(
        "draft item",
        "Voucher",
        "JournalEntryVoucher",
        members.DRAFT_ITEM,
        {
            "isPosted": filters.flag("IsPosted"),
            "inApprovalWorkflow": filters.flag("InApprovalWorkflow"),
            **_CREATED,
            **_LAST_CHANGED,
        },
    ),
}
"""The lists by path, in lower case."""
