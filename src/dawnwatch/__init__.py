"""dawnwatch: catch problems before your users do."""
