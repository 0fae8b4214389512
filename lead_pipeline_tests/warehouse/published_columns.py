"""What analysts rely on: every published table and column, in order. Renaming one breaks them."""

PUBLISHED = {
    "main.crm_companies": "source account company_id name industry company_type website phone "
    "annual_revenue channel address city province postal_code country creator_id creator_name "
    "created_at updated_at vanished_at first_seen_at last_seen_at additional_fields fields "
    "attributes delivery_sha256 record_index",
    "main.crm_contacts": "source account contact_id lead_id given_name family_name email "
    "phone job_title status channel company_id company_name address city province postal_code "
    "country creator_id creator_name created_at updated_at vanished_at first_seen_at "
    "last_seen_at additional_fields fields attributes delivery_sha256 record_index",
    "main.crm_deals": "source account deal_id name amount currency status pipeline_id "
    "pipeline_name stage_id stage_name lost_reason priority contact_id company_id started_at "
    "expires_at closed_at channel creator_id creator_name created_at updated_at vanished_at "
    "first_seen_at last_seen_at additional_fields fields attributes delivery_sha256 "
    "record_index",
    "main.crm_links": "source account from_kind from_id to_kind to_id",
    "main.crm_pipelines": "source account pipeline_id name is_active created_at updated_at "
    "vanished_at first_seen_at last_seen_at additional_fields fields attributes "
    "delivery_sha256 record_index",
    "main.crm_stages": "source account stage_id name pipeline_id position win_probability "
    "is_active created_at updated_at vanished_at first_seen_at last_seen_at additional_fields "
    "fields attributes delivery_sha256 record_index",
    "main.crm_tasks": "source account task_id name category status_id priority_id contact_id "
    "deal_id company_id user_id user_name due_at remind_at detail next_step created_at "
    "updated_at vanished_at first_seen_at last_seen_at additional_fields fields attributes "
    "delivery_sha256 record_index",
    "main.leads": "lead_id source account source_lead_id person_id created_at updated_at "
    "vanished_at first_seen_at last_seen_at full_name given_name family_name company email "
    "email_raw phone phone_raw phone_status phone_2 address_line1 address_line2 city region "
    "postal_code country interest_kind interest_id interest_name interest_locality "
    "request_type status channel marketing_consent comments attributes "
    "delivery_sha256 record_index",
    "main.listing_versions": "property_id generation_id event_type created_at received_at "
    "last_received_at result language_input language_output tone_of_voice campaign_type "
    "property_type address highlight bed bath garage parking land_status perfect_for features "
    "metadata data attributes source account delivery_sha256 record_index",
    "main.listings": "property_id generation_id created_at received_at result language_output "
    "tone_of_voice campaign_type property_type address highlight bed bath garage parking "
    "land_status perfect_for features versions leads",
    "main.people": "person_id full_name full_name_source full_name_at email email_source "
    "email_at phone phone_source phone_at company company_source company_at city city_source "
    "city_at country country_source country_at first_enquiry_at last_enquiry_at first_source "
    "enquiries sources enquiries_by_source",
    "main.person_events": "happened_at kind event_id from_person_id to_person_id leads made_by "
    "reason",
    "main.person_history": "lead_id person_id valid_from valid_to event_id",
    "main.person_links": "lead_id person_id rule linked_lead_id weight reason rules_version",
    "main.person_redirects": "person_id now_person_id valid_from valid_to",
    "marts.daily_leads": "day source account leads people new_people with_phone with_email",
    "marts.data_quality": "source account issue detail records out_of counted",
    "marts.deal_outcomes": "account deal_id created_at closed_at pipeline stage outcome amount "
    "currency is_vanished is_ours attribution first_touch_lead_id last_touch_lead_id",
    "marts.enquiry_outcomes": "lead_id source account project_id project person_id "
    "is_first_enquiry enquired_at day week hour fetched_at is_backfilled in_crm_at "
    "first_task_done_at crm_account contact_id contacts first_touch_deals first_touch_won "
    "last_touch_deals last_touch_won",
    "marts.lead_funnel": "week source account project_id project enquiries people new_people "
    "contacts first_touch_deals first_touch_won first_touch_lost first_touch_unknown "
    "first_touch_won_amounts first_touch_won_without_amount last_touch_deals last_touch_won "
    "last_touch_lost last_touch_unknown last_touch_won_amounts last_touch_won_without_amount "
    "vanished_deals",
    "marts.listing_effect": "property_id generation_id version generated_at before_from "
    "after_until days_before enquiries_before days_after enquiries_after",
    "marts.people_by_source": "source account enquiries people new_people returning_people "
    "shared_people with_phone with_email unreachable",
    "marts.project_performance": "source account interest_kind project_id project locality "
    "enquiries people new_people contacts active_days first_enquiry_at last_enquiry_at deals "
    "won won_amounts",
    "marts.source_overlap": "source other_source people people_of_source came_here_first",
    "marts.speed_to_lead": "source hour step_number step enquiries measured p50_seconds "
    "p90_seconds p99_seconds",
    "marts.vendor_health": "day source account stream requests loaded unreadable failed "
    "retries errors p50_milliseconds p95_milliseconds longest_milliseconds bytes "
    "largest_bytes records",
    "ops.coverage": "source account day status leads last_loaded_at last_asked_at "
    "refetchable_until last_error",
    "ops.deliveries": "load_id first_load_id is_latest receipt_id run_id source account "
    "stream window_start window_end covers requested_at received_at loaded_at outcome status "
    "url sha256 length attempts received new changed unchanged stale repeated quarantined "
    "new_fields error message",
    "ops.publications": "lead_id version published_at",
    "ops.published": "version published_at leads people",
    "ops.pushes": "push_id account kind person_id lead_id object_id action state reason attempts "
    "decided_at sent_at done_at",
    "ops.quarantine": "quarantine_id receipt_id source account stream sha256 record_index "
    "stage place reason source_lead_id quarantined_at state dismissed_at dismissed_by "
    "dismissed_because",
    "ops.scans": "scan_id source account stream began_at ended_at complete reason",
}
