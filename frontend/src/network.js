console.log("network");
